import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import SQLite from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import type { CrashPoint } from "../../runtime-core/kernel/crash.ts";
import { ADMIN_TOKEN, api } from "../support/client.ts";
import { problemsOf } from "../support/faults/feed-check.ts";
import { brokenPromises, type Ledger, newLedger } from "../support/faults/ledger.ts";
import { listen, Writer } from "../support/faults/load.ts";
import { type Dice, dice, testScale, testSeed } from "../support/faults/random.ts";
import { withBug } from "../support/faults/seeded.ts";
import { root } from "../support/files.ts";
import { type BuiltApp, buildApp, type RunningServer, startServer, temporaryFolder } from "../support/server.ts";

const WRITERS = 6;
/** Kills at random moments: 200 at PYLON_TEST_SCALE=10. */
const KILLS = 20 * testScale;
/** Times that the process comes to a crash point until it is killed there: the start comes to some of them, too. */
const TIMES = testScale > 1 ? [15, 60, 400] : [40];
/** Kills on one file before the next begins, so that the checks stay short. */
const KILLS_PER_FILE = 20;

const POINTS = {
  "after-begin": true,
  "after-row": true,
  "after-feed": true,
  "after-operation-id": true,
  "before-commit": true,
  "after-commit": true,
  "before-answer": true,
} as const satisfies Record<CrashPoint, true>;

let app: BuiltApp;
beforeAll(async () => {
  app = await buildApp(join(root, "fixtures/apps/todo"));
});

/** A database under load over many lives of its server. */
class World {
  readonly dbPath = join(temporaryFolder("pylon-crash-"), "app.db");
  readonly ledger: Ledger = newLedger();
  readonly #dist: Pick<BuiltApp, "dist">;
  readonly #seed: number;
  #writers: Writer[] = [];
  #token = "";

  constructor(dist: Pick<BuiltApp, "dist">, seed: number) {
    this.#dist = dist;
    this.#seed = seed;
  }

  start(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    return startServer(this.#dist, { PYLON_DB_PATH: this.dbPath, ...env });
  }

  /** Two users, each with writers of their own. */
  async signIn(server: RunningServer): Promise<void> {
    const admin = api(server.url, ADMIN_TOKEN);
    const tokens: string[] = [];
    for (const user of ["ann", "bob"]) {
      const answer = await admin.post("/api/auth/session", { user_id: user });
      tokens.push((answer.json as { token: string }).token);
    }
    this.#token = tokens[0] ?? "";
    this.#writers = Array.from(
      { length: WRITERS },
      (_, at) => new Writer(this.ledger, `w${at}`, tokens[at % tokens.length] ?? "", this.#seed + at),
    );
  }

  /** Load until the server is gone. */
  async load(server: RunningServer): Promise<void> {
    const socket = await listen(server, this.#token, this.ledger);
    const odd = await Promise.all(this.#writers.map((writer) => writer.run(server)));
    await server.exited;
    socket.terminate();
    expect(odd.flat()).toEqual([]);
  }

  problems(dbPath = this.dbPath): string[] {
    return [...problemsOf(dbPath, app.dist), ...brokenPromises(dbPath, this.ledger)];
  }

  async repeat(server: RunningServer): Promise<string[]> {
    return (await Promise.all(this.#writers.map((writer) => writer.repeat(server)))).flat();
  }
}

async function openWorld(dist: Pick<BuiltApp, "dist">, seed: number): Promise<World> {
  const world = new World(dist, seed);
  const server = await world.start();
  await world.signIn(server);
  await server.stop();
  return world;
}

/** After a kill: whole at once, whole after everything that may be sent again was sent again, and each of it done once. */
async function expectWhole(world: World): Promise<void> {
  expect(world.problems()).toEqual([]);
  const server = await world.start();
  expect(await world.repeat(server)).toEqual([]);
  expect(world.problems()).toEqual([]);
  await server.kill9();
}

describe("killed at a named point of the write path", () => {
  test.each(Object.keys(POINTS))("%s", async (point) => {
    const world = await openWorld(app, 1);
    for (const times of TIMES) {
      const server = await world.start({ PYLON_CRASH_AT: `${point}:${times}` });
      await world.load(server);
      expect(await server.exited).toBe(null);
      await expectWhole(world);
    }
    expect(world.ledger.entries.filter(({ outcome }) => outcome === "acknowledged").length).toBeGreaterThan(20);
  });

  test.each(["after-begin", "before-commit", "after-commit"])(
    "%s of the first write ever, at the start",
    async (point) => {
      const world = new World(app, 1);
      await expect(world.start({ PYLON_CRASH_AT: point })).rejects.toThrow("ended with null");
      const server = await world.start();
      expect(world.problems()).toEqual([]);
      expect(await server.stop()).toBe(0);
    },
  );
});

/** Kills a server under load, some answers from now and then at any moment. */
async function killSoon(server: RunningServer, { entries }: Ledger, random: Dice): Promise<void> {
  const answered = (): number => entries.filter(({ outcome }) => outcome === "acknowledged").length;
  const enough = answered() + random.below(80);
  while (answered() < enough) await setTimeout(1);
  await setTimeout(random.below(10));
  await server.kill9();
}

test(`kill -9 at ${KILLS} random moments under load`, { timeout: 60_000 * Math.max(1, testScale) }, async () => {
  const random = dice(testSeed);
  const counts = { seed: testSeed, kills: 0, acknowledged: 0, refused: 0, open: 0, heard: 0 };
  while (counts.kills < KILLS) {
    const world = await openWorld(app, testSeed + counts.kills);
    let server = await world.start();
    for (let kill = 0; kill < KILLS_PER_FILE; kill += 1) {
      await Promise.all([world.load(server), killSoon(server, world.ledger, random)]);
      expect(world.problems()).toEqual([]);
      server = await world.start();
      expect(await world.repeat(server)).toEqual([]);
      expect(world.problems()).toEqual([]);
    }
    await server.kill9();
    counts.kills += KILLS_PER_FILE;
    counts.heard += world.ledger.heard.length;
    for (const { outcome } of world.ledger.entries) counts[outcome] += 1;
  }
  console.info(counts);
  expect(counts.acknowledged).toBeGreaterThan(counts.kills * 20);
  expect(counts.heard).toBeGreaterThan(counts.kills);
});

const DAMAGES: readonly (readonly [sql: string, found: RegExp])[] = [
  ["DELETE FROM _pylon_feed WHERE seq = 5", /^hole: event 6/],
  ["DELETE FROM _pylon_feed WHERE seq > 30", /: lost$/],
  [`UPDATE "Todo" SET title = 'x' WHERE id = (SELECT min(id) FROM "Todo")`, /is not what the feed says/],
  [`DELETE FROM "Todo" WHERE id = (SELECT min(id) FROM "Todo")`, /is in the feed and not in its table/],
  [
    `INSERT INTO _pylon_feed SELECT (SELECT max(seq) + 1 FROM _pylon_feed), entity, 'a', 'insert', data, NULL, at, schema
FROM _pylon_feed WHERE seq = 1`,
    /done 2 times|nobody asked for it/,
  ],
];

function edit(dbPath: string, sql: string): void {
  const db = new SQLite(dbPath);
  db.exec(sql);
  db.close();
}

describe("negative control: the checks find", () => {
  test("a server that appends the feed after the answer", async () => {
    const late = await withBug(app, {
      path: "_generated/server/todo.ts",
      from: "return record(app, unit, {",
      to: "return late(app, {",
      code: `
async function late(app: App, change: any): Promise<Written> {
  setTimeout(() => void app.db.write((unit) => record(app, unit, change)), 20);
  return { rowId: change.rowId, seq: null };
}
`,
    });
    const world = await openWorld(late, 1);
    const server = await world.start();
    await Promise.all([world.load(server), killSoon(server, world.ledger, dice(3))]);
    const problems = world.problems();
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(/^acknowledged .*: lost$/)]));
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(/is not in the feed$/)]));
  });

  test("damage of the file", async () => {
    const world = await openWorld(app, 1);
    const server = await world.start({ PYLON_CRASH_AT: "after-begin:60" });
    await world.load(server);
    expect(world.problems()).toEqual([]);
    for (const [damage, found] of DAMAGES) {
      const copy = join(temporaryFolder(), "copy.db");
      edit(world.dbPath, `VACUUM INTO '${copy}'`);
      edit(copy, damage);
      expect(world.problems(copy)).toEqual(expect.arrayContaining([expect.stringMatching(found)]));
    }
  });

  test("an operation id that is forgotten", async () => {
    const world = await openWorld(app, 1);
    const server = await world.start({ PYLON_CRASH_AT: "before-answer:60" });
    await world.load(server);
    edit(world.dbPath, "DELETE FROM _pylon_operation_ids");
    await world.repeat(await world.start());
    expect(world.problems()).toEqual(expect.arrayContaining([expect.stringMatching(/done 2 times/)]));
  });
});
