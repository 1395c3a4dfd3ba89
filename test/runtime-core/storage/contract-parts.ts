import { expect } from "vitest";
import type { WriteUnit } from "../../../runtime-core/storage/ports.ts";
import type { Bench } from "./contract.ts";

/** `nested` and `afterRollback`. */
export function partsContract({ it, db, insert, ids, add }: Bench): void {
  /** A part that writes a row and fails. */
  const failing = (unit: WriteUnit, id: string): Promise<void> =>
    unit.nested(async () => {
      await insert(unit, id);
      throw new Error(`part ${id}`);
    });

  it("undoes a nested part that throws, and nothing else; the unit goes on", async () => {
    await db().write(async (unit) => {
      await insert(unit, "a");
      await expect(failing(unit, "b")).rejects.toThrow("part b");
      await insert(unit, "c");
      expect(await unit.all("SELECT id FROM contract_row ORDER BY id", [])).toEqual([{ id: "a" }, { id: "c" }]);
    });
    expect(await ids()).toEqual(["a", "c"]);
  });

  it("keeps a nested part that settles, with its value", async () => {
    const value = await db().write((unit) =>
      unit.nested(async () => {
        await insert(unit, "a");
        return 7;
      }),
    );
    expect(value).toBe(7);
    expect(await ids()).toEqual(["a"]);
  });

  it("fails the unit where nobody catches what a nested part throws", async () => {
    const unit = db().write(async (unit) => {
      await insert(unit, "a");
      await failing(unit, "b");
    });
    await expect(unit).rejects.toThrow("part b");
    expect(await ids()).toEqual([]);
  });

  it("nests parts: an inner one is undone alone, or with the outer one", async () => {
    await db().write(async (unit) => {
      await unit.nested(async () => {
        await insert(unit, "outer");
        await failing(unit, "inner").catch(() => undefined);
        await unit.nested(() => insert(unit, "other"));
      });
      const outer = unit.nested(async () => {
        await unit.nested(() => insert(unit, "kept by its own"));
        await failing(unit, "lost").catch(() => undefined);
        throw new Error("outer");
      });
      await expect(outer).rejects.toThrow("outer");
    });
    expect(await ids()).toEqual(["other", "outer"]);
  });

  it("goes on after a statement that failed in a nested part", async () => {
    await add("a");
    await db().write(async (unit) => {
      const part = unit.nested(async () => {
        await insert(unit, "b");
        await insert(unit, "a");
      });
      await expect(part).rejects.toThrow("UNIQUE constraint failed: contract_row.id");
      await insert(unit, "c");
    });
    expect(await ids()).toEqual(["a", "c"]);
  });

  it("loses with the unit what its nested parts kept", async () => {
    const unit = db().write(async (unit) => {
      await unit.nested(() => insert(unit, "a"));
      throw new Error("no");
    });
    await expect(unit).rejects.toThrow("no");
    expect(await ids()).toEqual([]);
  });

  it("refuses a nested part after the end of the unit", async () => {
    let late: (() => Promise<unknown>) | undefined;
    await db().write(async (unit) => {
      late = () => unit.nested(() => insert(unit, "late"));
    });
    await expect(late?.()).rejects.toThrow(/has ended/);
    expect(await ids()).toEqual([]);
  });

  it("calls afterRollback after the rollback, last first, and never after a commit", async () => {
    const calls: string[] = [];
    const unit = db().write(async (unit) => {
      unit.afterRollback(() => calls.push("first"));
      unit.afterCommit(() => calls.push("never"));
      await unit.nested(async () => unit.afterRollback(() => calls.push("second")));
      await insert(unit, "a");
      unit.afterRollback(() => calls.push("third"));
      expect(calls).toEqual([]);
      throw new Error("no");
    });
    await expect(unit).rejects.toThrow("no");
    expect(calls).toEqual(["third", "second", "first"]);
    await db().write(async (unit) => {
      unit.afterRollback(() => calls.push("never"));
      await insert(unit, "b");
    });
    expect(calls).toEqual(["third", "second", "first"]);
  });

  it("calls the acts of a nested part when that is undone, and drops those for the commit", async () => {
    const calls: string[] = [];
    await db().write(async (unit) => {
      unit.afterCommit(() => calls.push("committed"));
      unit.afterRollback(() => calls.push("never"));
      const part = unit.nested(async () => {
        unit.afterCommit(() => calls.push("never"));
        unit.afterRollback(() => calls.push("part, first"));
        await unit.nested(async () => {
          unit.afterCommit(() => calls.push("never"));
          unit.afterRollback(() => calls.push("part, second"));
        });
        throw new Error("no");
      });
      await expect(part).rejects.toThrow("no");
      expect(calls).toEqual(["part, second", "part, first"]);
      unit.afterCommit(() => calls.push("committed too"));
    });
    expect(calls).toEqual(["part, second", "part, first", "committed", "committed too"]);
  });

  it("ends every run of a unit in one way: its acts for the commit are called, or those for the rollback", async () => {
    await add("counter");
    const ended = new Map<number, string[]>();
    let runs = 0;
    const bump = (fails: boolean) =>
      db().write(async (unit) => {
        runs += 1;
        const run = runs;
        ended.set(run, []);
        unit.afterCommit(() => ended.get(run)?.push("commit"));
        unit.afterRollback(() => ended.get(run)?.push("rollback"));
        const row = await unit.get<{ n: number | null }>("SELECT n FROM contract_row WHERE id = 'counter'", []);
        await unit.run(`UPDATE contract_row SET n = ${(row?.n ?? 0) + 1} WHERE id = 'counter'`, []);
        if (fails) throw new Error("no");
      });
    await Promise.allSettled(Array.from({ length: 20 }, (_, at) => bump(at % 4 === 0)));
    const ways = [...ended.values()].map((way) => way.join(" and "));
    expect(ways.filter((way) => way === "commit")).toHaveLength(15);
    expect(ways.filter((way) => way === "rollback")).toHaveLength(runs - 15);
    expect(await db().read.text("SELECT n FROM contract_row", [])).toBe("15");
  });
}
