import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { ADMIN_TOKEN, type Api, api } from "../support/client.ts";
import { problemsOf } from "../support/faults/feed-check.ts";
import { brokenPromises, newLedger } from "../support/faults/ledger.ts";
import { Writer } from "../support/faults/load.ts";
import { root } from "../support/files.ts";
import { type BuiltApp, buildApp, type RunningServer, startServer, temporaryFolder } from "../support/server.ts";

let app: BuiltApp;
beforeAll(async () => {
  app = await buildApp(join(root, "fixtures/apps/todo"));
});

const admin = (server: RunningServer): Api => api(server.url, ADMIN_TOKEN);

async function tokenOf(server: RunningServer, user: string): Promise<string> {
  const answer = await admin(server).post("/api/auth/session", { user_id: user });
  return (answer.json as { token: string }).token;
}

const insert = (server: RunningServer, title: string) =>
  admin(server).post("/api/entities/Todo", { userId: "ann", title });

/** Resident memory of the process now, in MB. */
function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** Times of `count` reads, one after the other, in ms: the slowest but one in ten. */
async function p90(server: RunningServer, count: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const start = performance.now();
    expect((await admin(server).get("/api/entities/User")).status).toBe(200);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(count * 0.9)] ?? 0;
}

test("SIGTERM under load: every acknowledged write is kept, nobody sees a 5xx but 503, exit 0", async () => {
  const ledger = newLedger();
  const dbPath = join(temporaryFolder(), "app.db");
  for (let round = 0; round < 3; round += 1) {
    const server = await startServer(app, { PYLON_DB_PATH: dbPath });
    const token = await tokenOf(server, "ann");
    const writers = Array.from({ length: 8 }, (_, at) => new Writer(ledger, `r${round}w${at}`, token, at));
    const loads = writers.map((writer) => writer.run(server));
    const done = () => ledger.entries.filter(({ outcome }) => outcome === "acknowledged").length;
    const enough = done() + 60;
    while (done() < enough) await setTimeout(1);
    expect(await server.stop()).toBe(0);
    const odd = (await Promise.all(loads)).flat();
    expect(odd.filter((status) => status !== 503)).toEqual([]);
    expect([...problemsOf(dbPath, app.dist), ...brokenPromises(dbPath, ledger)]).toEqual([]);
  }
});

test("64 writers at one time, a third of them refused: the others lose nothing (D9)", async () => {
  const server = await startServer(app);
  const token = await tokenOf(server, "ann");
  const user = api(server.url, token);
  const taken = "a".repeat(40);
  expect((await user.post("/api/entities/Todo", { id: taken, title: "first" })).status).toBe(201);
  const statuses: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, at) =>
        user.post("/api/entities/Todo", at % 3 === 0 ? { id: taken, title: "bad" } : { title: `good ${round}-${at}` }),
      ),
    );
    statuses.push(...answers.map(({ status }) => status));
  }
  expect(statuses.filter((status) => status === 400)).toHaveLength(4 * 22);
  expect(statuses.filter((status) => status === 201)).toHaveLength(4 * 42);
  const { json } = await user.get("/api/entities/Todo?sort=title");
  const titles = (json as { data: { title: string }[] }).data.map(({ title }) => title);
  expect(titles.filter((title) => title.startsWith("good"))).toHaveLength(4 * 42);
  expect(titles).not.toContain("bad");
  expect(await server.stop()).toBe(0);
  expect(problemsOf(server.dbPath, app.dist)).toEqual([]);
});

/** A file system of 4 MB, where this user may mount one. */
function mountSmall(): string | null {
  const at = temporaryFolder("pylon-small-");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", at], { stdio: "ignore" });
    return at;
  } catch {
    return null;
  }
}

const small = mountSmall();

describe.skipIf(small === null)("a disk that is full (needs the right to mount)", () => {
  test("is 503 STORAGE_FULL for writes, reads go on, and writes work again without a restart", async () => {
    const at = small ?? "";
    const server = await startServer(app, { PYLON_DB_PATH: join(at, "app.db") });
    onTestFinished(async () => {
      await server.kill9();
      execFileSync("umount", [at]);
    });
    expect((await insert(server, "before")).status).toBe(201);
    const { bavail, bsize } = statfsSync(at);
    writeFileSync(join(at, "ballast"), Buffer.alloc(Math.max(0, bavail * bsize - 300_000)));
    const answers = [];
    for (let n = 0; n < 20; n += 1) answers.push(await insert(server, `${n} ${"x".repeat(50_000)}`));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(5);
    for (const { status, json } of refused)
      expect({ status, json }).toMatchObject({ status: 503, json: { error: { code: "STORAGE_FULL" } } });
    const kept = 1 + answers.length - refused.length;
    expect((await admin(server).get("/api/entities/Todo")).json).toMatchObject({ count: kept });

    rmSync(join(at, "ballast"));
    expect((await insert(server, "after")).status).toBe(201);
    expect((await admin(server).get("/api/entities/Todo")).json).toMatchObject({ count: kept + 1 });
    expect(problemsOf(server.dbPath, app.dist)).toEqual([]);
    expect(await server.stop()).toBe(0);
  });
});

test("30 sockets that never read cost bounded memory, are sent away, and hold nobody up", async () => {
  const server = await startServer(app);
  const token = await tokenOf(server, "ann");
  const url = `ws://127.0.0.1:${server.port}/api/sync/ws`;
  const open = (): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } });
      socket.once("error", reject).once("open", () => resolve(socket));
    });
  const slow = await Promise.all(Array.from({ length: 30 }, open));
  for (const socket of slow) socket.pause();
  const fast = await open();
  let heard = 0;
  fast.on("message", (data) => {
    if (String(data).includes('"kind":"insert"')) heard += 1;
  });
  const quiet = await p90(server, 20);
  const before = rssMb(server.pid);
  const title = "x".repeat(100_000);
  const statuses = new Set<number>();
  let peak = before;
  for (let n = 0; n < 200; n += 1) {
    statuses.add((await insert(server, title)).status);
    peak = Math.max(peak, rssMb(server.pid));
  }
  expect([...statuses]).toEqual([201]);
  await expect.poll(() => heard, { timeout: 5_000 }).toBe(200);
  const busy = await p90(server, 20);
  console.info({ beforeMb: Math.round(before), peakMb: Math.round(peak), quietMs: quiet, busyMs: busy });
  // A megabyte a socket at most, and what the 20 MB of rows need themselves. The real server took 285 MB.
  expect(peak - before).toBeLessThan(150);
  expect(busy).toBeLessThan(quiet * 5 + 20);
  let sentAway = 0;
  for (const socket of slow)
    socket
      .on("error", () => {})
      .once("close", () => {
        sentAway += 1;
      })
      .resume();
  await expect.poll(() => sentAway, { timeout: 10_000 }).toBe(30);
  fast.terminate();
  expect(await server.stop()).toBe(0);
});

test("500 connections that send half a request hold nobody up, and are ended", async () => {
  const server = await startServer(app, { PYLON_HEADERS_MS: "1000", PYLON_REQUEST_MS: "2000" });
  const half = "POST /api/entities/Todo HTTP/1.1\r\nHost: x\r\nContent-Le";
  let ended = 0;
  const sockets: Socket[] = Array.from({ length: 500 }, (_, at) => {
    const socket = connect(server.port, "127.0.0.1", () =>
      // Half of them never end their head, half of them their body.
      socket.write(at % 2 === 0 ? half : `${half}ngth: 100\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\n\r\n{"title":`),
    );
    return socket
      .on("error", () => {})
      .resume()
      .once("close", () => {
        ended += 1;
      });
  });
  // Bodies that do not come count as requests in flight; 256 of one address is the limit, so one more caller fits.
  expect((await admin(server).get("/health")).status).toBe(200);
  expect((await insert(server, "served")).status).toBe(201);
  await expect.poll(() => ended, { timeout: 10_000 }).toBe(500);
  for (const socket of sockets) socket.destroy();
  expect((await insert(server, "served again")).status).toBe(201);
  expect(await server.stop()).toBe(0);
});
