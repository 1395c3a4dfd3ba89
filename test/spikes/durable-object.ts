import { sqlite } from "../../runtime-core/sql/dialect.ts";
import { UnitActs } from "../../runtime-core/storage/acts.ts";
import { StorageError, snapshotEnded, unitEnded } from "../../runtime-core/storage/errors.ts";
import {
  type Args,
  type Database,
  type SqlConnection,
  UniqueViolation,
  type WriteUnit,
} from "../../runtime-core/storage/ports.ts";
import { introspect } from "../../runtime-core/storage/sqlite/introspect.ts";

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
 * an async `storage.transaction`, and so is a nested part. There is one connection, so reads outside have to wait for open units.
 */
export function openDurableObject(storage: ObjectStorage): Database {
  const exec: Exec = (sql, args) => execute(storage, sql, args);
  let tail: Promise<unknown> = Promise.resolve();
  let open = 0;
  const read = connection(exec, async () => {
    while (open > 0) await tail;
  });
  /** A queue, because a transaction that is begun while another one's function runs becomes a part of that. */
  const hold = <T>(run: () => Promise<T>): Promise<T> => {
    open += 1;
    const done = tail.then(run).finally(() => {
      open -= 1;
    });
    tail = Promise.allSettled([tail, done]);
    return done;
  };
  return {
    dialect: sqlite,
    capabilities: { sequenceInTransaction: true, inProcess: true },
    read,
    scan: read,
    write: (work) => hold(() => unitOf(storage, exec, work)),
    snapshot: (work) => hold(() => snapshotOf(storage, exec, work)),
    introspect: (on = read) => introspect(on),
    close: async () => void (await tail),
  };
}

async function unitOf<T>(storage: ObjectStorage, exec: Exec, work: (unit: WriteUnit) => Promise<T>): Promise<T> {
  const acts = new UnitActs();
  let live = true;
  const tx = connection((sql, args) => {
    if (!live) throw unitEnded();
    return exec(sql, args);
  });
  const unit: WriteUnit = {
    ...tx,
    afterCommit: (act) => acts.afterCommit(act),
    afterRollback: (act) => acts.afterRollback(act),
    nested: async (part) => {
      const mark = acts.mark();
      try {
        return await storage.transaction(part);
      } catch (error) {
        acts.rolledBack(mark);
        throw error;
      }
    },
  };
  try {
    const value = await storage.transaction(async () => {
      try {
        return await work(unit);
      } finally {
        live = false;
      }
    });
    acts.committed();
    return value;
  } catch (error) {
    acts.rolledBack();
    throw error;
  }
}

/** Nothing in the platform only reads: `run` is refused here, and the queue keeps writers out. */
function snapshotOf<T>(storage: ObjectStorage, exec: Exec, work: (on: SqlConnection) => Promise<T>): Promise<T> {
  let live = true;
  const on = connection((sql, args) => {
    if (!live) throw snapshotEnded();
    return exec(sql, args);
  });
  const run: SqlConnection["run"] = async () => {
    throw new StorageError("READ_ONLY", "A snapshot cannot write");
  };
  return storage.transaction(async () => {
    try {
      return await work({ ...on, run });
    } finally {
      live = false;
    }
  });
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
