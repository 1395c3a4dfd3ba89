import { statSync } from "node:fs";
import SQLite from "better-sqlite3";
import { afterEach, describe, expect, test } from "vitest";
import { systemTimers, type Timers } from "../../../../runtime-core/kernel/clock.ts";
import type { Limits } from "../../../../runtime-core/kernel/limits.ts";
import type { SqlConnection } from "../../../../runtime-core/storage/ports.ts";
import { Snapshots } from "../../../../runtime-core/storage/sqlite/snapshots.ts";
import { Statements } from "../../../../runtime-core/storage/sqlite/statements.ts";
import { limitsWith, openTemporary } from "./support.ts";

const COUNT = "SELECT count(*) FROM t";
const never = () => new Promise<never>(() => undefined);
const OVERLOADED = { code: "OVERLOADED", status: 503, retryAfterSecs: 1 };
type Temporary = Awaited<ReturnType<typeof openTemporary>>;

let db: Temporary;
afterEach(() => db.close());

const insert = () => db.write((unit) => unit.run("INSERT INTO t (bytes) VALUES (zeroblob(1000))", []));
async function open(limits: Partial<Limits> = {}, timers: Timers = systemTimers): Promise<void> {
  db = await openTemporary({ limits, timers });
  await db.write((unit) => unit.run("CREATE TABLE t (bytes BLOB)", []));
}

describe("a snapshot on a file", () => {
  test("holds no writer up, and others see what is committed meanwhile", async () => {
    await open();
    const [before, outside, after] = await db.snapshot(async (on) => {
      const first = await on.text(COUNT, []);
      await insert();
      const other = await db.snapshot((second) => second.text(COUNT, []));
      expect(await db.read.text(COUNT, [])).toBe("1");
      return [first, other, await on.text(COUNT, [])];
    });
    expect([before, outside, after]).toEqual(["0", "1", "0"]);
  });

  test.each([
    ["one state", "0", (work: (on: SqlConnection) => Promise<string | null>) => db.snapshot(work)],
    // Negative control: the same reads without a snapshot see what was written between them.
    ["two states without it", "1", (work: (on: SqlConnection) => Promise<string | null>) => work(db.read)],
  ])("shows %s to two reads with a write between them", async (_title, second, reads) => {
    await open();
    const seen = await reads(async (on) => {
      expect(await on.text(COUNT, [])).toBe("0");
      await insert();
      return on.text(COUNT, []);
    });
    expect(seen).toBe(second);
  });

  test("is ended with 503 at its deadline, its connection is refused, and the WAL can be reset", async () => {
    const due: (() => void)[] = [];
    const after: Timers["after"] = (ms, act) => {
      if (ms !== 60_000) return systemTimers.after(ms, act);
      due.push(act);
      return () => undefined;
    };
    await open({ snapshotMs: 300 }, { ...systemTimers, after });
    let held: SqlConnection | undefined;
    const stuck = db.snapshot(async (on) => {
      held = on;
      await on.text(COUNT, []);
      await never();
    });
    const refused = expect(stuck).rejects.toMatchObject({ code: "QUERY_TIMEOUT", status: 503 });
    for (let n = 0; n < 20; n++) await insert();
    // The control: while it is open the WAL stays.
    due.shift()?.();
    expect(statSync(`${db.path}-wal`).size).toBeGreaterThan(20_000);
    await refused;
    await expect(held?.text(COUNT, [])).rejects.toMatchObject({ code: "SNAPSHOT_ENDED" });
    due.shift()?.();
    expect(statSync(`${db.path}-wal`).size).toBe(0);
    expect(await db.snapshot((on) => on.text(COUNT, []))).toBe("20");
  });

  test("that settles after its deadline changes nothing for the one that has its connection then", async () => {
    await open({ snapshotMs: 30, snapshotConnectionsMax: 1 });
    let settle = (): void => undefined;
    const late = db.snapshot(() => new Promise<void>((resolve) => (settle = resolve)));
    await expect(late).rejects.toMatchObject({ status: 503 });
    const counts = await db.snapshot(async (on) => {
      const first = await on.text(COUNT, []);
      settle();
      await insert();
      return [first, await on.text(COUNT, [])];
    });
    expect(counts).toEqual(["0", "0"]);
  });
});

describe("many", () => {
  test("wait for one of the connections, in order, and each is served", async () => {
    await open({ snapshotConnectionsMax: 2 });
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const one = async (at: number) =>
      db.snapshot(async (on) => {
        running += 1;
        most = Math.max(most, running);
        order.push(at);
        await on.text(COUNT, []);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return on.text(COUNT, []);
      });
    const all = Array.from({ length: 30 }, (_, at) => one(at));
    expect(await Promise.all(all)).toEqual(all.map(() => "0"));
    expect(most).toBe(2);
    expect(order).toEqual(all.map((_, at) => at));
  });

  test("too many are 503 OVERLOADED with a time to come back, and those that wait are served", async () => {
    await open({ snapshotConnectionsMax: 1, snapshotQueueMax: 1, snapshotMs: 50 });
    const holder = db.snapshot(never);
    const waiting = db.snapshot((on) => on.text(COUNT, []));
    await expect(db.snapshot(async () => 1)).rejects.toMatchObject(OVERLOADED);
    await expect(holder).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
    expect(await waiting).toBe("0");
  });

  test("one that still waits at its deadline is 503 OVERLOADED, and is not begun later", async () => {
    await open();
    const deadlines: (() => void)[] = [];
    const after: Timers["after"] = (_ms, act) => {
      deadlines.push(act);
      return () => undefined;
    };
    const snapshots = new Snapshots({
      open: () => new Statements(new SQLite(db.path, { readonly: true }), 10),
      timers: { ...systemTimers, after },
      limits: limitsWith({ snapshotConnectionsMax: 1 }),
    });
    const holder = snapshots.take(never);
    const begun: string[] = [];
    const waiting = snapshots.take(async () => begun.push("waiting"));
    deadlines[1]?.();
    await expect(waiting).rejects.toMatchObject(OVERLOADED);
    deadlines[0]?.();
    await expect(holder).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
    expect(begun).toEqual([]);
    snapshots.close();
  });
});

test("close refuses those that wait or run, and later ones", async () => {
  await open({ snapshotConnectionsMax: 1 });
  const outcomes = Promise.allSettled([db.snapshot(never), db.snapshot(async () => 1)]);
  await db.close();
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "SHUTTING_DOWN" } });
  await expect(db.snapshot(async () => 1)).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
});

test("a connection that cannot be opened refuses its snapshot, and the next one tries again", async () => {
  await open();
  let broken = true;
  const snapshots = new Snapshots({
    open: () => {
      if (broken) throw new Error("no file handle is left");
      return new Statements(new SQLite(db.path, { readonly: true }), 10);
    },
    timers: systemTimers,
    limits: limitsWith(),
  });
  await expect(snapshots.take((on) => on.text(COUNT, []))).rejects.toThrow("no file handle");
  broken = false;
  expect(await snapshots.take((on) => on.text(COUNT, []))).toBe("0");
  snapshots.close();
});
