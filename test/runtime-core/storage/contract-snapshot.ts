import { expect } from "vitest";
import type { SqlConnection } from "../../../runtime-core/storage/ports.ts";
import type { Bench } from "./contract.ts";

const IDS = "SELECT id FROM contract_row ORDER BY id";
const COUNT = "SELECT count(*) FROM contract_row";
/** Long enough for a write that nothing holds up to be committed. */
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

/** `snapshot`. */
export function snapshotContract({ it, db, add, ids, insert }: Bench): void {
  it("shows a snapshot what was committed before it, by every way to read, and gives its value", async () => {
    await add("a");
    const value = await db().snapshot(async (on) => {
      expect(await on.all(IDS, [])).toEqual([{ id: "a" }]);
      expect(await on.get(IDS, [])).toEqual({ id: "a" });
      return on.text(COUNT, []);
    });
    expect(value).toBe("1");
  });

  it("shows one state in a snapshot while writes go on between its awaits", async () => {
    await add("a");
    const writes: Promise<unknown>[] = [];
    const seen = await db().snapshot(async (on) => {
      const counts: (string | null)[] = [];
      for (let n = 0; n < 4; n++) {
        counts.push(await on.text(COUNT, []));
        // Not awaited here: an adapter with one connection makes writers wait for the end of the snapshot.
        writes.push(add(`b${n}`));
        await pause();
      }
      return counts;
    });
    expect(seen).toEqual(["1", "1", "1", "1"]);
    await Promise.all(writes);
    expect(await ids()).toEqual(["a", "b0", "b1", "b2", "b3"]);
    expect(await db().snapshot((on) => on.text(COUNT, []))).toBe("5");
  });

  it("gives each of many snapshots at once a state of its own", async () => {
    const pairs = (at: number) =>
      db().write(async (unit) => {
        await insert(unit, `left ${at}`);
        await insert(unit, `right ${at}`);
      });
    const count = async (on: SqlConnection, side: string) =>
      on.text(`SELECT count(*) FROM contract_row WHERE id LIKE '${side} %'`, []);
    const sides = async (on: SqlConnection) => {
      const left = await count(on, "left");
      await new Promise<void>((resolve) => setImmediate(resolve));
      return [left, await count(on, "right")];
    };
    const writes: Promise<unknown>[] = [];
    const snapshots: Promise<(string | null)[]>[] = [];
    for (let at = 0; at < 40; at++) {
      writes.push(pairs(at));
      snapshots.push(db().snapshot(sides));
      await Promise.resolve();
    }
    for (const [left, right] of await Promise.all(snapshots)) expect(left).toBe(right);
    await Promise.all(writes);
    expect(await db().snapshot(sides)).toEqual(["40", "40"]);
  });

  it("never shows a snapshot a unit that fails", async () => {
    let during: Promise<unknown> = Promise.resolve();
    const failing = db().write(async (unit) => {
      await insert(unit, "ghost");
      during = db().snapshot((on) => on.all(IDS, []));
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await during).toEqual([]);
  });

  it("refuses to write in a snapshot", async () => {
    const insertion = "INSERT INTO contract_row (id) VALUES ('a')";
    await expect(db().snapshot((on) => on.run(insertion, []))).rejects.toThrow();
    expect(await ids()).toEqual([]);
    await add("b");
    expect(await ids()).toEqual(["b"]);
  });

  it("ends a snapshot with the error of its work, and the next one works", async () => {
    for (let n = 0; n < 20; n++) {
      const failing = db().snapshot(async (on) => {
        await on.text(COUNT, []);
        throw new Error(`reader ${n}`);
      });
      await expect(failing).rejects.toThrow(`reader ${n}`);
    }
    expect(await db().snapshot((on) => on.text(COUNT, []))).toBe("0");
  });

  it("refuses a snapshot that goes on after its end", async () => {
    let late: (() => Promise<unknown>) | undefined;
    await db().snapshot(async (on) => {
      late = () => on.text(COUNT, []);
    });
    await expect(late?.()).rejects.toThrow(/has ended/);
  });
}
