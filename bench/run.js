/**
 * `npm run bench`: floor, ours and rival side by side. All run at one time, one is measured at a time, in rotating order, so that a slow minute of
 * the machine meets all of them. Ends with 1 only when an answer is wrong: figures inform, they do not fail.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "./child.js";
import { difference, exchange, sameApp } from "./compare.js";
import { readOptions, USAGE } from "./options.js";
import { rssMb } from "./proc-cpu.js";
import { report } from "./report.js";
import { compileOurs, start } from "./servers.js";
import { ADMIN_TOKEN, ITEMS, OWNERS, ownerId, WORKS } from "./works.js";

const here = dirname(fileURLToPath(import.meta.url));
const CONNECTIONS = 16;
const WARM_UP_MS = 300;
/** Rows that one sample of `delete` may use up in a second and a half. */
const FRESH_PER_SAMPLE = 12_000;

const say = (text) => process.stderr.write(`${text}\n`);
const whole = (_, value) => (typeof value === "number" ? Math.round(value) : value);
const rotated = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];

if (process.argv.includes("--help")) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const options = readOptions(process.argv.slice(2));
const oneMs = options.sampleMs / 2;
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const load = startChild(join(here, "load.js"));
const bare = startChild(join(here, "bare.js"), [folder]);
/** All that run. `made` and `used` count the rows that `delete` gets, so that none is deleted twice. */
const servers = [];

async function newSession(server, i) {
  const body = JSON.stringify({ user_id: ownerId(i) });
  const answer = await exchange(
    server.port,
    `POST /api/auth/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  if (answer.status !== 201) throw new Error(`${server.name} makes no session: ${JSON.stringify(answer)}`);
  return answer.body.token;
}

const job = ({ port, pid, callers }, more) =>
  load.ask({ port, pid, callers, connections: CONNECTIONS, from: 0, ...more });

/** Starts a server and gives it its rows; memory is read when the large table is full. */
async function prepare(name, rows) {
  const server = { ...(await start(name)), callers: { adminToken: ADMIN_TOKEN, tokens: [] }, made: 0, used: 0 };
  servers.push(server);
  if (rows > 0) {
    const fill = await job(server, { fill: "notes", rows, count: rows });
    server.rssMb = rssMb(server.pid);
    say(`${name}: ${rows} inserts, ${Math.round(fill.ops / fill.seconds)} a second, ${Math.round(server.rssMb)} MB`);
  }
  await job(server, { fill: "items", count: ITEMS });
  for (let owner = 0; owner < OWNERS; owner++) server.callers.tokens.push(await newSession(server, owner));
  return server;
}

/** One sample, with the rows that it will use up made before the clock starts. */
async function sample(server, work, more) {
  const isDelete = WORKS[work].uses === "fresh rows";
  if (!isDelete) return await job(server, { work, ...more });
  const wanted = Math.ceil((FRESH_PER_SAMPLE * options.sampleMs) / 1_500);
  const missing = server.used + wanted - server.made;
  if (missing > 0) await job(server, { fill: "fresh", from: server.made, count: missing });
  server.made += Math.max(0, missing);
  const figures = await job(server, { work, ...more, from: server.used, count: wanted });
  server.used += figures.ops;
  return figures;
}

async function measure(work, compared, durableFloor) {
  const isWrite = WORKS[work].targets.p50Of === "bare";
  if (WORKS[work].uses === "fresh rows")
    for (const server of servers) await job(server, { fill: "fresh", from: server.made++, count: 1 });
  const differs = await difference(work, compared, 0);
  if (WORKS[work].uses === "fresh rows") for (const server of compared) server.used++;
  if (differs !== null) return { work, differs, pairs: [] };

  for (const server of isWrite && durableFloor ? servers : compared) await sample(server, work, { ms: WARM_UP_MS });
  const pairs = [];
  for (let pair = 0; pair < options.pairs; pair++) {
    const figures = {};
    for (const server of rotated(compared, pair)) {
      const many = await sample(server, work, { ms: options.sampleMs });
      const one = server.name === "rival" ? null : await sample(server, work, { ms: oneMs, connections: 1 });
      figures[server.name] = {
        cpuUs: many.cpuUsPerOp,
        opsPerSecond: many.ops / many.seconds,
        p99Us: many.p99Us,
        p50Us: one?.p50Us,
      };
    }
    if (isWrite) {
      figures.bare = await bare.ask({ ms: oneMs });
      if (durableFloor)
        figures.durableFloor = { p50Us: (await sample(durableFloor, work, { ms: oneMs, connections: 1 })).p50Us };
    }
    pairs.push(figures);
    say(`${work}, ${pair + 1} of ${options.pairs}: ${JSON.stringify(figures, whole)}`);
  }
  return { work, differs: null, pairs };
}

/** From the process to its first answer, on an empty database. */
async function measureStarts() {
  const pairs = [];
  for (let pair = 0; pair < options.pairs; pair++) {
    const figures = {};
    for (const name of rotated(options.servers, pair)) {
      const server = await start(name);
      figures[name] = { startMs: server.startMs };
      await server.stop();
    }
    pairs.push(figures);
  }
  return pairs;
}

try {
  if (options.servers.includes("ours")) compileOurs();
  for (const name of options.servers) await prepare(name, options.rows);
  const compared = [...servers];
  const [ours, rival] = ["ours", "rival"].map((name) => compared.find((server) => server.name === name));
  if (ours && rival && !(await sameApp(ours, rival))) throw new Error("bench/app and bench/rival are not the same app");
  const wanted = Object.keys(WORKS).filter(options.wants);
  // What a durable write costs through node:http: the floor itself commits without an fsync.
  const needsIt = options.servers.includes("floor") && wanted.some((work) => WORKS[work].targets.p50Of === "bare");
  const durableFloor = needsIt ? await prepare("durableFloor", 0) : null;

  const works = [];
  for (const work of wanted) works.push(await measure(work, compared, durableFloor));
  const memory = Object.fromEntries(compared.map(({ name, rssMb }) => [name, rssMb]));
  const starts = options.wants("start") ? await measureStarts() : [];

  const results = {
    node: process.version,
    rows: options.rows,
    works,
    memory: options.wants("memory") ? memory : {},
    starts,
  };
  mkdirSync(join(here, "results"), { recursive: true });
  writeFileSync(join(here, "results", "latest.json"), `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(report(results));
  process.exitCode = works.some(({ differs }) => differs !== null) ? 1 : 0;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
} finally {
  load.stop();
  bare.stop();
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
