import SQLite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock, systemTimers } from "../../../../runtime-core/kernel/clock.ts";
import type { WriteUnit } from "../../../../runtime-core/storage/ports.ts";
import { Statements } from "../../../../runtime-core/storage/sqlite/statements.ts";
import { WriterQueue } from "../../../../runtime-core/storage/sqlite/writer-queue.ts";
import { limitsWith } from "./support.ts";

let statements: Statements;
let writer: WriterQueue;
beforeEach(() => {
  const connection = new SQLite(":memory:");
  connection.exec("CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID");
  statements = new Statements(connection, 100);
  writer = new WriterQueue({ statements, clock: systemClock, timers: systemTimers, limits: limitsWith() });
});
afterEach(() => statements.connection.close());

const insert = (unit: WriteUnit, id: string) => unit.run("INSERT INTO item (id) VALUES (?)", [id]);
const ids = () => statements.all<{ id: string }>("SELECT id FROM item ORDER BY id", []).map(({ id }) => id);
const turns = async (n: number) => {
  for (let step = 0; step < n; step++) await Promise.resolve();
};

describe("nested parts that overlap", () => {
  test.each([
    ["the first ends first", 3, 9],
    ["the second ends first, and the unit does not wait for the first", 9, 3],
  ])("%s: nothing of the unit is kept, and the group goes on", async (_title, first, second) => {
    const undone: string[] = [];
    const part = (unit: WriteUnit, id: string, steps: number) =>
      unit.nested(async () => {
        await insert(unit, id);
        await turns(steps);
      });
    const [before, overlapping, after] = await Promise.allSettled([
      writer.write((unit) => insert(unit, "before")),
      writer.write(async (unit) => {
        unit.afterRollback(() => undone.push("unit"));
        await Promise.race([part(unit, "a", first), part(unit, "b", second)].map((p) => p.catch(() => undefined)));
        await insert(unit, "c");
      }),
      writer.write((unit) => insert(unit, "later")),
    ]);
    expect(overlapping).toMatchObject({ status: "rejected", reason: { code: "NESTED_OVERLAP" } });
    expect([before.status, after.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(undone).toEqual(["unit"]);
    expect(ids()).toEqual(["before", "later"]);
  });

  test("one after another is no overlap (control)", async () => {
    await writer.write(async (unit) => {
      await unit.nested(() => insert(unit, "a"));
      await unit.nested(() => insert(unit, "b"));
    });
    expect(ids()).toEqual(["a", "b"]);
  });
});

describe("afterRollback", () => {
  test("of a unit in the middle of a group is called before the next unit begins", async () => {
    const calls: string[] = [];
    const unit = (id: string, fails: boolean) =>
      writer.write(async (tx) => {
        calls.push(`${id} begins`);
        tx.afterRollback(() => calls.push(`${id} undone`));
        await insert(tx, id);
        if (fails) throw new Error("no");
      });
    await Promise.allSettled([unit("a", false), unit("b", true), unit("c", false)]);
    expect(calls).toEqual(["a begins", "b begins", "b undone", "c begins"]);
  });

  test("is called for a unit that waits, once for each run in compatibility mode", async () => {
    const undone: string[] = [];
    const waits = (mayWait: boolean) =>
      writer.write(
        async (unit) => {
          unit.afterRollback(() => undone.push(mayWait ? "may wait" : "waits"));
          await unit.nested(async () => {
            await insert(unit, "part");
            await new Promise((resolve) => setTimeout(resolve, 10));
          });
        },
        { label: `waits ${mayWait}`, mayWait },
      );
    await expect(waits(false)).rejects.toMatchObject({ code: "MUTATION_WAITS" });
    expect(undone).toEqual(["waits"]);
    await waits(true);
    expect(undone).toEqual(["waits", "may wait"]);
    expect(ids()).toEqual(["part"]);
  });

  test("is called when SQLite gave up the transaction inside of a nested part", async () => {
    const undone: string[] = [];
    const outcomes = await Promise.allSettled([
      writer.write(async (unit) => {
        unit.afterRollback(() => undone.push("a"));
        await insert(unit, "a");
      }),
      writer.write(async (unit) => {
        unit.afterRollback(() => undone.push("b"));
        const part = unit.nested(async () => {
          unit.afterRollback(() => undone.push("part"));
          // What SQLite does by itself on some I/O errors, brought about by hand.
          await unit.run("ROLLBACK", []);
          await unit.run("SELECT broken", []);
        });
        await part.catch(() => undefined);
        await insert(unit, "outside of any transaction").catch(() => undefined);
      }),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { status: 503 } });
    expect(undone).toEqual(["part", "b", "a"]);
    expect(ids()).toEqual([]);
  });

  test("that throws is reported and keeps nobody from an answer", async () => {
    const reported: unknown[] = [];
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => reported.push(error));
    try {
      const failing = writer.write(async (unit) => {
        unit.afterRollback(() => {
          throw new Error("act");
        });
        throw new Error("unit");
      });
      const other = writer.write((unit) => insert(unit, "other"));
      await expect(failing).rejects.toThrow("unit");
      await other;
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const listener of others) process.on("uncaughtException", listener);
    }
    expect(reported).toMatchObject([{ message: "act" }]);
  });
});
