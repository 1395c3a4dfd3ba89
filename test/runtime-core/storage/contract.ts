import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, type RunResult, UniqueViolation, type WriteUnit } from "../../../runtime-core/storage/ports.ts";
import { partsContract } from "./contract-parts.ts";
import { schemaContract } from "./contract-schema.ts";
import { snapshotContract } from "./contract-snapshot.ts";

/** Opens an empty database; `close` of what it gives removes it. */
export type OpenDatabase = () => Promise<Database>;

/** Names of tests that an adapter cannot pass, each with the reason. */
export type Skips = Readonly<Record<string, string>>;

const CREATE =
  "CREATE TABLE contract_row (id TEXT PRIMARY KEY NOT NULL, name TEXT UNIQUE, n BIGINT, x DOUBLE PRECISION)";

/** What the parts of the contract share. */
export interface Bench {
  readonly it: (title: string, run: () => Promise<void>) => void;
  /** The empty database of the running test, with the table `contract_row`. */
  readonly db: () => Database;
  /** Inserts a row inside of a unit, and as a unit of its own. */
  readonly insert: (unit: WriteUnit, id: string) => Promise<RunResult>;
  readonly add: (id: string) => Promise<RunResult>;
  /** Committed rows, by id. */
  readonly ids: () => Promise<string[]>;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What every adapter does (docs/storage-port.md). Run by each of them, the spikes included. */
export function storageContract(name: string, open: OpenDatabase, skips: Skips = {}): void {
  describe(`storage contract: ${name}`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
      await db.write(async (unit) => void (await unit.run(CREATE, [])));
    });
    afterEach(() => db.close());

    const it = (title: string, run: () => Promise<void>): void => {
      const reason = skips[title];
      if (reason === undefined) test(title, run);
      else test.skip(`${title} (${reason})`, run);
    };
    const p = (n: number) => db.dialect.parameter(n);
    const insert = () => `INSERT INTO contract_row (id, name, n, x) VALUES (${p(1)}, ${p(2)}, ${p(3)}, ${p(4)})`;
    const add = (id: string, rowName: string | null = null, n: number | null = null) =>
      db.write(async (unit) => unit.run(insert(), [id, rowName, n, null]));
    const ids = async () =>
      (await db.read.all<{ id: string }>("SELECT id FROM contract_row ORDER BY id", [])).map((r) => r.id);

    it("gives rows as objects, the first row, its first column as text, and counts", async () => {
      const wrote = await db.write((unit) => unit.run(insert(), ["a", "Ann", 3, 1.5]));
      expect(wrote.changes).toBe(1);
      await add("b");
      const where = `SELECT id, name, n, x FROM contract_row WHERE id = ${p(1)}`;
      for (const connection of [db.read, db.scan]) {
        expect(await connection.get(where, ["a"])).toEqual({ id: "a", name: "Ann", n: 3, x: 1.5 });
        expect(await connection.get(where, ["b"])).toEqual({ id: "b", name: null, n: null, x: null });
        expect(await connection.get(where, ["none"])).toBeUndefined();
        expect(await connection.all("SELECT id FROM contract_row ORDER BY id", [])).toEqual([{ id: "a" }, { id: "b" }]);
        expect(await connection.text(`SELECT n FROM contract_row WHERE id = ${p(1)}`, ["a"])).toBe("3");
        expect(await connection.text(`SELECT n FROM contract_row WHERE id = ${p(1)}`, ["none"])).toBeNull();
        expect(await connection.text(`SELECT n FROM contract_row WHERE id = ${p(1)}`, ["b"])).toBeNull();
      }
      const gone = await db.write((unit) => unit.run("DELETE FROM contract_row", []));
      expect(gone.changes).toBe(2);
    });

    it("keeps text, null and integers up to ±(2^53-1) as they are", async () => {
      const texts = ["", "'; DROP TABLE contract_row; --", "ö 漢 🙂", 'quote " and \\', "line\nend"];
      for (const [at, text] of texts.entries()) await add(`t${at}`, text, Number.MAX_SAFE_INTEGER - at);
      await add("min", null, -Number.MAX_SAFE_INTEGER);
      for (const [at, text] of texts.entries()) {
        const row = await db.read.get(`SELECT name, n FROM contract_row WHERE id = ${p(1)}`, [`t${at}`]);
        expect(row).toEqual({ name: text, n: Number.MAX_SAFE_INTEGER - at });
      }
      expect(await db.read.get(`SELECT n FROM contract_row WHERE id = ${p(1)}`, ["min"])).toEqual({
        n: -Number.MAX_SAFE_INTEGER,
      });
    });

    it("refuses to read an integer that it would have to round", async () => {
      await db.write((unit) => unit.run("INSERT INTO contract_row (id, n) VALUES ('big', 9007199254740993)", []));
      await expect(db.read.all("SELECT n FROM contract_row", [])).rejects.toThrow(/2\^53/);
      await expect(db.read.get("SELECT n FROM contract_row", [])).rejects.toThrow(/2\^53/);
    });

    it("gives bytes back", async () => {
      const type = db.dialect.name === "sqlite" ? "BLOB" : "BYTEA";
      const bytes = new Uint8Array([0, 1, 255]);
      await db.write(async (unit) => {
        await unit.run(`CREATE TABLE contract_bytes (b ${type})`, []);
        await unit.run(`INSERT INTO contract_bytes (b) VALUES (${p(1)})`, [bytes]);
      });
      const row = await db.read.get<{ b: Uint8Array }>("SELECT b FROM contract_bytes", []);
      expect([...(row?.b ?? [])]).toEqual([0, 1, 255]);
    });

    it("commits all of a unit or nothing", async () => {
      const failing = db.write(async (unit) => {
        await unit.run(insert(), ["a", null, null, null]);
        await unit.run(insert(), ["b", null, null, null]);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await ids()).toEqual([]);
      await add("c");
      expect(await ids()).toEqual(["c"]);
    });

    it("shows a unit its own writes, and others only what is committed", async () => {
      const during: string[][] = [];
      let outside: Promise<unknown> = Promise.resolve();
      await db.write(async (unit) => {
        await unit.run(insert(), ["a", null, null, null]);
        outside = ids().then((seen) => during.push(seen));
        expect(await unit.all("SELECT id FROM contract_row", [])).toEqual([{ id: "a" }]);
      });
      await outside;
      // Before the commit it must not be seen; an adapter may also make the reader wait until after it.
      expect([[], ["a"]]).toContainEqual(during[0]);
      expect(await ids()).toEqual(["a"]);
    });

    it("never lets an outside reader see a unit that fails", async () => {
      let outside: Promise<string[]> = Promise.resolve([]);
      const failing = db.write(async (unit) => {
        await unit.run(insert(), ["ghost", null, null, null]);
        outside = ids();
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await outside).toEqual([]);
    });

    it("resolves only after COMMIT, so the next read sees the write", async () => {
      for (let n = 0; n < 20; n++) {
        await add(`row${n}`);
        expect(await db.read.get(`SELECT id FROM contract_row WHERE id = ${p(1)}`, [`row${n}`])).toEqual({
          id: `row${n}`,
        });
      }
    });

    it("does not interleave units: a read-then-write counter loses nothing", async () => {
      await add("counter", null, 0);
      const bump = () =>
        db.write(async (unit) => {
          const row = await unit.get<{ n: number }>("SELECT n FROM contract_row WHERE id = 'counter'", []);
          await Promise.resolve();
          await unit.run(`UPDATE contract_row SET n = ${p(1)} WHERE id = 'counter'`, [(row?.n ?? 0) + 1]);
        });
      await Promise.all(Array.from({ length: 25 }, bump));
      expect(await db.read.get("SELECT n FROM contract_row WHERE id = 'counter'", [])).toEqual({ n: 25 });
    });

    it("loses only the work of the unit that fails among concurrent ones", async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) =>
          db.write(async (unit) => {
            await unit.run(insert(), [`r${String(n).padStart(2, "0")}`, null, n, null]);
            if (n % 3 === 0) throw new Error(`unit ${n}`);
          }),
        ),
      );
      const want = Array.from({ length: 20 }, (_, n) => n).filter((n) => n % 3 !== 0);
      expect(await ids()).toEqual(want.map((n) => `r${String(n).padStart(2, "0")}`));
      expect(outcomes.filter((o) => o.status === "fulfilled")).toHaveLength(want.length);
    });

    it("calls afterCommit after the commit, in order, and never after a rollback", async () => {
      const calls: string[] = [];
      await db.write(async (unit) => {
        await unit.run(insert(), ["a", null, null, null]);
        unit.afterCommit(() => calls.push("first"));
        unit.afterCommit(() => calls.push("second"));
        await Promise.resolve();
        expect(calls).toEqual([]);
      });
      await expect(
        db.write(async (unit) => {
          unit.afterCommit(() => calls.push("never"));
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      await turn();
      expect(calls).toEqual(["first", "second"]);
    });

    it("names the columns of a broken UNIQUE constraint", async () => {
      await add("a", "Ann");
      await expect(add("b", "Ann")).rejects.toEqual(new UniqueViolation(["contract_row.name"]));
      await expect(add("a", "Bob")).rejects.toEqual(new UniqueViolation(["contract_row.id"]));
    });

    it("names all columns of a unique index, in order", async () => {
      await db.write((unit) => unit.run("CREATE UNIQUE INDEX contract_pair ON contract_row (n, x)", []));
      const pair = (id: string) => db.write((unit) => unit.run(insert(), [id, null, 1, 2.5]));
      await pair("a");
      await expect(pair("b")).rejects.toEqual(new UniqueViolation(["contract_row.n", "contract_row.x"]));
    });

    it("goes on after a statement that failed and was caught", async () => {
      await add("a", "Ann");
      await db.write(async (unit) => {
        await unit.run(insert(), ["b", "Bob", null, null]);
        await expect(unit.run(insert(), ["c", "Ann", null, null])).rejects.toBeInstanceOf(UniqueViolation);
        await unit.run(insert(), ["d", "Dan", null, null]);
      });
      expect(await ids()).toEqual(["a", "b", "d"]);
    });

    it("refuses a unit that goes on after its end", async () => {
      let late: (() => Promise<unknown>) | undefined;
      await db.write(async (unit) => {
        late = () => unit.run(insert(), ["late", null, null, null]);
      });
      await expect(late?.()).rejects.toThrow(/has ended/);
      expect(await ids()).toEqual([]);
    });

    it("refuses numbers that are not finite", async () => {
      await expect(db.write((unit) => unit.run(insert(), ["a", null, null, Number.NaN]))).rejects.toThrow(
        /cannot be stored/,
      );
    });

    it("accepts units from afterCommit and answers all before it is closed", async () => {
      const again = new Promise((resolve, reject) => {
        void db.write(async (unit) => {
          await unit.run(insert(), ["a", null, null, null]);
          unit.afterCommit(() => void add("b").then(resolve, reject));
        });
      });
      await again;
      expect(await ids()).toEqual(["a", "b"]);
    });

    const bench: Bench = {
      it,
      db: () => db,
      insert: (unit, id) => unit.run(insert(), [id, null, null, null]),
      add,
      ids,
    };
    partsContract(bench);
    snapshotContract(bench);
    schemaContract(bench);
  });
}
