import SQLite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock, systemTimers } from "../../../../runtime-core/kernel/clock.ts";
import { setCrashHook } from "../../../../runtime-core/kernel/crash.ts";
import type { Limits } from "../../../../runtime-core/kernel/limits.ts";
import type { WriteUnit } from "../../../../runtime-core/storage/ports.ts";
import { Statements } from "../../../../runtime-core/storage/sqlite/statements.ts";
import { WriterQueue } from "../../../../runtime-core/storage/sqlite/writer-queue.ts";
import { NaiveWriter } from "./naive-writer.ts";
import { limitsWith } from "./support.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

let connection: SQLite.Database;
let statements: Statements;
/** Statements of the transaction in the order that SQLite ran them. */
let log: string[];

beforeEach(() => {
  log = [];
  connection = new SQLite(":memory:", {
    verbose: (text) => {
      const word = String(text);
      if (/^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)/.test(word)) log.push(word);
    },
  });
  connection.pragma("foreign_keys = ON");
  connection.exec(`
    CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, n INTEGER);
    CREATE TABLE child (item TEXT REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE big (bytes BLOB);
  `);
  statements = new Statements(connection, 100);
});
afterEach(() => {
  setCrashHook(null);
  connection.close();
});

const open = (limits: Partial<Limits> = {}, clock = systemClock) =>
  new WriterQueue({ statements, clock, timers: systemTimers, limits: limitsWith({ groupMs: 10_000, ...limits }) });

const insert = (unit: WriteUnit, id: string) => unit.run("INSERT INTO item (id, n) VALUES (?, 0)", [id]);
const ids = () => statements.all<{ id: string }>("SELECT id FROM item ORDER BY id", []).map((row) => row.id);
const count = (what: string) => log.filter((text) => text === what).length;

describe("one after another, never interleaved", () => {
  interface Writer {
    write<T>(work: (unit: WriteUnit) => Promise<T>): Promise<T>;
  }

  /** Handlers that read, give way to others in promise jobs, then write what they read plus one. */
  async function lostUpdates(writer: Writer): Promise<number> {
    await writer.write((unit) => insert(unit, "counter"));
    const bump = () =>
      writer.write(async (unit) => {
        const row = await unit.get<{ n: number }>("SELECT n FROM item WHERE id = 'counter'", []);
        for (let step = 0; step < 5; step++) await Promise.resolve();
        await unit.run("UPDATE item SET n = ? WHERE id = 'counter'", [(row?.n ?? 0) + 1]);
      });
    await Promise.all(Array.from({ length: 20 }, bump));
    return 20 - (statements.get<{ n: number }>("SELECT n FROM item", [])?.n ?? 0);
  }

  test("no update is lost", async () => expect(await lostUpdates(open())).toBe(0));

  test("negative control: a writer that only shares a COMMIT loses updates", async () => {
    expect(await lostUpdates(new NaiveWriter(statements))).toBeGreaterThan(0);
  });

  test("a unit starts only when the one before it has settled", async () => {
    const writer = open();
    const steps: string[] = [];
    const unit = (name: string) =>
      writer.write(async (tx) => {
        steps.push(`${name} starts`);
        for (let step = 0; step < 5; step++) await tx.get("SELECT 1 AS one", []);
        steps.push(`${name} ends`);
      });
    await Promise.all([unit("a"), unit("b"), unit("c")]);
    expect(steps).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  });
});

describe("the group", () => {
  test("writes of one turn of the event loop share a COMMIT", async () => {
    const writer = open();
    await Promise.all(["a", "b", "c"].map((id) => writer.write((unit) => insert(unit, id))));
    expect(count("BEGIN IMMEDIATE")).toBe(1);
    expect(count("COMMIT")).toBe(1);
    expect(ids()).toEqual(["a", "b", "c"]);
  });

  test("is committed after groupUnitsMax units", async () => {
    const writer = open({ groupUnitsMax: 4 });
    await Promise.all(Array.from({ length: 10 }, (_, n) => writer.write((unit) => insert(unit, String(n)))));
    expect(count("COMMIT")).toBe(3);
  });

  test("is committed after groupMs", async () => {
    let now = 0;
    const writer = open({ groupMs: 2 }, { now: () => now, monotonic: () => now });
    const slow = (id: string) =>
      writer.write(async (unit) => {
        now += 1;
        await insert(unit, id);
      });
    await Promise.all(["a", "b", "c", "d", "e"].map(slow));
    expect(count("COMMIT")).toBe(3);
  });

  test("answers and afterCommit leave only after the COMMIT, acts in order before any answer", async () => {
    const writer = open();
    const order: string[] = [];
    setCrashHook((point) => void (point.endsWith("-commit") && order.push(point)));
    const unit = (id: string) =>
      writer
        .write(async (tx) => {
          tx.afterCommit(() => order.push(`act ${id}`));
          await insert(tx, id);
          order.push(`done ${id}`);
        })
        .then(() => order.push(`answer ${id}`));
    await Promise.all([unit("a"), unit("b")]);
    expect(order).toEqual([
      "done a",
      "done b",
      "before-commit",
      "after-commit",
      "act a",
      "act b",
      "answer a",
      "answer b",
    ]);
  });

  test("reads inside a unit see what earlier units of the group wrote", async () => {
    const writer = open();
    const first = writer.write((unit) => insert(unit, "a"));
    const second = writer.write((unit) => unit.all("SELECT id FROM item", []));
    await first;
    expect(await second).toEqual([{ id: "a" }]);
    expect(count("COMMIT")).toBe(1);
  });
});

describe("a unit that fails", () => {
  test.each([0, 1, 2])("at place %i of the group loses only its own work", async (place) => {
    const writer = open();
    const outcomes = await Promise.allSettled(
      ["a", "b", "c"].map((id, at) =>
        writer.write(async (unit) => {
          await insert(unit, id);
          if (at === place) throw new Error("mine");
          return id;
        }),
      ),
    );
    expect(outcomes.map((o) => o.status)).toEqual([0, 1, 2].map((at) => (at === place ? "rejected" : "fulfilled")));
    expect(ids()).toEqual(["a", "b", "c"].filter((_, at) => at !== place));
  });

  test("its acts are not run, and a throw outside of a promise counts the same", async () => {
    const writer = open();
    const acts: string[] = [];
    const failing = writer.write((unit) => {
      unit.afterCommit(() => acts.push("never"));
      throw new Error("sync");
    });
    const other = writer.write(async (unit) => unit.afterCommit(() => acts.push("other")));
    await expect(failing).rejects.toThrow("sync");
    await other;
    expect(acts).toEqual(["other"]);
  });

  test("a caught statement error leaves the unit and the group whole", async () => {
    const writer = open();
    await Promise.all([
      writer.write((unit) => insert(unit, "a")),
      writer.write(async (unit) => {
        await insert(unit, "b");
        await insert(unit, "a").catch(() => undefined);
        await insert(unit, "c");
      }),
    ]);
    expect(ids()).toEqual(["a", "b", "c"]);
  });
});

describe("a COMMIT that fails", () => {
  test("fails every unit of the group with 503 and sends nothing; the next write works", async () => {
    const writer = open();
    const sent: string[] = [];
    const undone: string[] = [];
    const outcomes = await Promise.allSettled([
      writer.write(async (unit) => {
        unit.afterCommit(() => sent.push("a"));
        unit.afterRollback(() => undone.push("a, first"));
        await unit.nested(async () => unit.afterRollback(() => undone.push("a, nested")));
        await insert(unit, "a");
      }),
      writer.write((unit) => {
        unit.afterRollback(() => undone.push("b"));
        return unit.run("INSERT INTO child (item) VALUES ('nobody')", []);
      }),
      writer.write(async () => {
        throw new Error("own error");
      }),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { status: 503 } });
    expect(sent).toEqual([]);
    expect(undone).toEqual(["b", "a, nested", "a, first"]);
    expect(ids()).toEqual([]);
    await writer.write((unit) => insert(unit, "b"));
    expect(ids()).toEqual(["b"]);
  });
});

describe("a full disk", () => {
  test("is 503 STORAGE_FULL, and writes work again when there is room, without a restart", async () => {
    const writer = open();
    const pages = Number(connection.pragma("page_count", { simple: true }));
    connection.pragma(`max_page_count = ${pages + 2}`);
    const fill = writer.write((unit) => unit.run("INSERT INTO big (bytes) VALUES (zeroblob(100000))", []));
    await expect(fill).rejects.toMatchObject({ code: "STORAGE_FULL", status: 503 });
    expect(statements.all("SELECT id FROM item", [])).toEqual([]);
    connection.pragma("max_page_count = 100000");
    await writer.write((unit) => unit.run("INSERT INTO big (bytes) VALUES (zeroblob(100000))", []));
  });

  test("an error after which SQLite gave up the transaction fails the whole group, also when the handler caught it", async () => {
    const writer = open();
    const outcomes = await Promise.allSettled([
      writer.write((unit) => insert(unit, "a")),
      writer.write(async (unit) => {
        // What SQLite does by itself on some I/O errors, brought about by hand.
        await unit.run("ROLLBACK", []);
        await unit.run("SELECT broken", []).catch(() => undefined);
        await insert(unit, "outside of any transaction").catch(() => undefined);
      }),
      writer.write((unit) => insert(unit, "c")),
    ]);
    expect(outcomes.slice(0, 2)).toMatchObject([
      { status: "rejected", reason: { status: 503 } },
      { status: "rejected", reason: { status: 503 } },
    ]);
    expect(outcomes[2]?.status).toBe("fulfilled");
    expect(ids()).toEqual(["c"]);
  });
});

describe("a unit that waits for something that is not the database", () => {
  const waiting = (writer: WriterQueue, id: string) =>
    writer.write(
      async (unit) => {
        await insert(unit, id);
        await sleep(20);
        await insert(unit, `${id} late`);
      },
      { label: "slowMutation" },
    );

  test("is rolled back and fails with 500 MUTATION_WAITS; the group before it is committed, the rest goes on", async () => {
    const writer = open();
    const sent: string[] = [];
    const before = writer.write(async (unit) => {
      unit.afterCommit(() => sent.push("before"));
      await insert(unit, "before");
    });
    const waits = waiting(writer, "waits");
    const after = writer.write((unit) => insert(unit, "after"));
    await expect(waits).rejects.toMatchObject({ code: "MUTATION_WAITS", status: 500, message: /slowMutation/ });
    await Promise.all([before, after]);
    expect(sent).toEqual(["before"]);
    expect(ids()).toEqual(["after", "before"]);
    await sleep(30);
    expect(ids()).toEqual(["after", "before"]);
  });

  test("may not use its unit any more, so it writes into nobody's transaction", async () => {
    const writer = open();
    let late: unknown;
    const waits = writer.write(async (unit) => {
      await turn();
      await turn();
      late = await insert(unit, "late").catch((error: unknown) => error);
    });
    await expect(waits).rejects.toMatchObject({ code: "MUTATION_WAITS" });
    await turn();
    await writer.write((unit) => insert(unit, "other"));
    expect(late).toMatchObject({ code: "UNIT_ENDED" });
    expect(ids()).toEqual(["other"]);
  });

  test("that never settles holds nobody up", async () => {
    const writer = open();
    const waits = writer.write(() => new Promise<never>(() => undefined));
    const other = writer.write((unit) => insert(unit, "other"));
    await expect(waits).rejects.toMatchObject({ code: "MUTATION_WAITS" });
    await other;
  });
});

describe("compatibility mode: a unit that may wait", () => {
  test("runs again from the start, alone, and its label never joins a group again", async () => {
    const writer = open();
    let runs = 0;
    const waits = () =>
      writer.write(
        async (unit) => {
          runs += 1;
          await insert(unit, `waits ${runs}`);
          await sleep(10);
          return unit.all("SELECT id FROM item ORDER BY id", []);
        },
        { label: "legacy", mayWait: true },
      );
    const before = writer.write((unit) => insert(unit, "before"));
    const first = waits();
    const after = writer.write((unit) => insert(unit, "z after"));
    await before;
    expect(await first).toEqual([{ id: "before" }, { id: "waits 2" }]);
    await after;
    expect(runs).toBe(2);
    log.length = 0;
    await Promise.all([waits(), writer.write((unit) => insert(unit, "z other"))]);
    expect(runs).toBe(3);
    expect(count("COMMIT")).toBe(2);
    expect(ids()).toEqual(["before", "waits 2", "waits 3", "z after", "z other"]);
  });

  test("is rolled back with 503 MUTATION_TIMEOUT at its deadline", async () => {
    const writer = open();
    const waits = writer.write(
      async (unit) => {
        await insert(unit, "waits");
        await sleep(1_000);
      },
      { label: "legacy", mayWait: true, deadlineMs: 20 },
    );
    await expect(waits).rejects.toMatchObject({ code: "MUTATION_TIMEOUT", status: 503 });
    await writer.write((unit) => insert(unit, "next"));
    expect(ids()).toEqual(["next"]);
  });
});

describe("limits and the end", () => {
  test("a full queue is 503 OVERLOADED with a time to come back", async () => {
    const writer = open({ writeQueueMax: 2 });
    const accepted = [writer.write((unit) => insert(unit, "a")), writer.write((unit) => insert(unit, "b"))];
    await expect(writer.write((unit) => insert(unit, "c"))).rejects.toMatchObject({
      code: "OVERLOADED",
      status: 503,
      retryAfterSecs: 1,
    });
    await Promise.all(accepted);
    await writer.write((unit) => insert(unit, "d"));
    expect(ids()).toEqual(["a", "b", "d"]);
  });

  test("close answers what was accepted and refuses the rest", async () => {
    const writer = open({ groupUnitsMax: 2 });
    const accepted = ["a", "b", "c", "d", "e"].map((id) => writer.write((unit) => insert(unit, id)));
    const closed = writer.close();
    await expect(writer.write((unit) => insert(unit, "f"))).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
    await closed;
    await Promise.all(accepted);
    expect(ids()).toEqual(["a", "b", "c", "d", "e"]);
  });
});
