import { sqlite } from "../../runtime-core/sql/dialect.ts";
import { StorageError, unitEnded } from "../../runtime-core/storage/errors.ts";
import { type Args, type Database, type SqlConnection, UniqueViolation } from "../../runtime-core/storage/ports.ts";

/** The part of a Durable Object's `ctx.storage` that the adapter needs. */
export interface ObjectStorage {
  readonly sql: {
    exec(sql: string, ...args: unknown[]): { toArray(): Record<string, unknown>[]; readonly columnNames: string[] };
  };
  transaction<T>(work: () => Promise<T>): Promise<T>;
}

type Exec = (sql: string, args: Args) => Record<string, unknown>[];

/**
 * Throw-away adapter: shows that the port fits a SQLite Durable Object (docs/storage-port.md). No BEGIN and no savepoints: a unit is
 * an async `storage.transaction`. The platform itself runs those one after another, also within one event, so there is no queue
 * here; but it has one connection, so reads outside of units have to wait for the open ones.
 */
export function openDurableObject(storage: ObjectStorage): Database {
  const exec: Exec = (sql, args) => execute(storage, sql, args);
  let tail: Promise<unknown> = Promise.resolve();
  let open = 0;
  const read = connection(exec, async () => {
    while (open > 0) await tail;
  });
  return {
    dialect: sqlite,
    capabilities: { sequenceInTransaction: true, inProcess: true },
    read,
    scan: read,
    write: (work) => {
      const acts: (() => void)[] = [];
      const run = async () => {
        const value = await storage.transaction(async () => {
          let live = true;
          const tx = connection((sql, args) => {
            if (!live) throw unitEnded();
            return exec(sql, args);
          });
          try {
            return await work({ ...tx, afterCommit: (act) => void acts.push(act) });
          } finally {
            live = false;
          }
        });
        for (const act of acts) act();
        return value;
      };
      open += 1;
      const done = run().finally(() => {
        open -= 1;
      });
      tail = Promise.allSettled([tail, done]);
      return done;
    },
    close: async () => void (await tail),
  };
}

function connection(exec: Exec, before: () => Promise<void> = async () => undefined): SqlConnection {
  const rows = async (sql: string, args: Args) => {
    await before();
    return exec(sql, args);
  };
  return {
    all: async <T>(sql: string, args: Args) => (await rows(sql, args)) as T[],
    get: async <T>(sql: string, args: Args) => (await rows(sql, args))[0] as T | undefined,
    run: async (sql, args) => {
      await rows(sql, args);
      const [counts] = exec("SELECT changes() AS changes, last_insert_rowid() AS lastId", []);
      return { changes: Number(counts?.changes), lastId: Number(counts?.lastId) };
    },
    text: async (sql, args) => {
      const [row] = await rows(sql, args);
      const value = row === undefined ? null : Object.values(row)[0];
      return value === null || value === undefined ? null : String(value);
    },
  };
}

function execute(storage: ObjectStorage, sql: string, args: Args): Record<string, unknown>[] {
  for (const value of args)
    if (typeof value === "number" && !Number.isFinite(value))
      throw new StorageError("NUMBER_NOT_FINITE", `${value} cannot be stored`);
  try {
    const rows = storage.sql.exec(sql, ...args).toArray();
    for (const row of rows) for (const name of Object.keys(row)) row[name] = fromEngine(name, row[name]);
    return rows;
  } catch (error) {
    throw translate(error);
  }
}

/** The engine rounds integers beyond 2^53 without a word and tells no column types, so a whole double as large is refused with them. */
function fromEngine(name: string, value: unknown): unknown {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new StorageError("INTEGER_RANGE", `Column "${name}" holds an integer outside of ±(2^53-1)`);
  return value;
}

/** Errors have no code, only a text that ends in ": SQLITE_CONSTRAINT". */
function translate(error: unknown): unknown {
  const columns =
    error instanceof Error ? /UNIQUE constraint failed: (.+?)(?:: SQLITE_\w+.*)?$/.exec(error.message)?.[1] : undefined;
  return columns === undefined ? error : new UniqueViolation(columns.split(", "));
}
