import { DatabaseError, type FieldDef, Pool, type PoolClient, types } from "pg";
import { postgres } from "../../runtime-core/sql/dialect.ts";
import { UnitActs } from "../../runtime-core/storage/acts.ts";
import { StorageError, snapshotEnded, unitEnded } from "../../runtime-core/storage/errors.ts";
import {
  type Args,
  type Database,
  type RunResult,
  type SqlConnection,
  UniqueViolation,
  type WriteUnit,
} from "../../runtime-core/storage/ports.ts";
import { introspectPostgres } from "./postgres-introspect.ts";

const RETRIES_MAX = 8;
/** Failures after which a unit takes a lock and runs alone among those that failed as often. */
const RETRIES_BEFORE_LOCK = 3;
const LOCK = 7780;
const INT8 = 20;

/** Throw-away adapter: shows that the port fits Postgres (docs/storage-port.md). SERIALIZABLE, the whole unit is retried. */
export async function openPostgres(place: { host: string; user: string; database: string }): Promise<Database> {
  const pool = new Pool({ ...place, max: 8 });
  const read: SqlConnection = connection((sql, args, raw) => query(pool, sql, args, raw));
  return {
    dialect: postgres,
    capabilities: { sequenceInTransaction: false, inProcess: false },
    read,
    scan: read,
    write: async (work) => {
      const client = await pool.connect();
      try {
        return await serializable(client, work);
      } finally {
        client.release();
      }
    },
    snapshot: async (work) => {
      const client = await pool.connect();
      try {
        return await snapshot(client, work);
      } finally {
        client.release();
      }
    },
    introspect: (on = read) => introspectPostgres(on),
    close: () => pool.end(),
  };
}

type Query = (sql: string, args: Args, raw?: boolean) => Promise<{ rows: unknown[]; rowCount: number | null }>;

function connection(ask: Query): SqlConnection {
  return {
    all: async <T>(sql: string, args: Args) => (await ask(sql, args)).rows as T[],
    get: async <T>(sql: string, args: Args) => (await ask(sql, args)).rows[0] as T | undefined,
    run: async (sql: string, args: Args): Promise<RunResult> => ({
      changes: (await ask(sql, args)).rowCount ?? 0,
      lastId: 0,
    }),
    text: async (sql: string, args: Args) => ((await ask(sql, args, true)).rows as (string | null)[][])[0]?.[0] ?? null,
  };
}

/** One name for each text: the server keeps the plan per connection. */
const names = new Map<string, string>();

async function query(client: Pool | PoolClient, text: string, args: Args, raw = false) {
  for (const value of args)
    if (typeof value === "number" && !Number.isFinite(value))
      throw new StorageError("NUMBER_NOT_FINITE", `${value} cannot be stored`);
  const name = names.get(text) ?? `s${names.size}`;
  names.set(text, name);
  const parser = { getTypeParser: (oid: number) => (raw ? String : parserOf(oid)) };
  try {
    return raw
      ? await client.query({ name, text, values: [...args], rowMode: "array" as const, types: parser })
      : await client.query({ name, text, values: [...args], types: parser });
  } catch (error) {
    throw translate(error);
  }
}

function parserOf(oid: FieldDef["dataTypeID"]): (text: string) => unknown {
  return oid === INT8 ? safeInteger : types.getTypeParser(oid);
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new StorageError("INTEGER_RANGE", `${text} is outside of ±(2^53-1)`);
  return value;
}

/** The columns stand only in the message's detail: "Key (n, x)=(1, 2.5) already exists." */
function translate(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code !== "23505") return error;
  const columns = /^Key \((.+?)\)=\(/.exec(error.detail ?? "")?.[1]?.split(", ");
  return new UniqueViolation(
    columns?.map((name) => `${error.table}.${name.replaceAll('"', "")}`) ?? [error.constraint ?? ""],
  );
}

const conflict = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === "40001" || error.code === "40P01");

async function serializable<T>(client: PoolClient, work: (unit: WriteUnit) => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    const alone = failures >= RETRIES_BEFORE_LOCK;
    // Before BEGIN: waiting inside would keep the snapshot of before the wait, and conflict again.
    if (alone) await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    try {
      return await once(client, work);
    } catch (error) {
      if (!conflict(error) || failures === RETRIES_MAX) throw error;
    } finally {
      if (alone) await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** failures));
  }
}

/** REPEATABLE READ takes its state at the first statement, as SQLite does. It only reads, so it never conflicts. */
async function snapshot<T>(client: PoolClient, work: (on: SqlConnection) => Promise<T>): Promise<T> {
  let live = true;
  const on = connection(async (sql, args, raw) => {
    if (!live) throw snapshotEnded();
    return query(client, sql, args, raw);
  });
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    return await work(on);
  } finally {
    live = false;
    await client.query("ROLLBACK");
  }
}

async function once<T>(client: PoolClient, work: (unit: WriteUnit) => Promise<T>): Promise<T> {
  const acts = new UnitActs();
  let live = true;
  let lost: unknown = null;
  /** A failure inside a savepoint leaves the unit whole, but for a conflict: then it has to run again. */
  const within = async <R>(savepoint: string, act: () => Promise<R>): Promise<R> => {
    if (!live) throw unitEnded();
    await client.query(`SAVEPOINT ${savepoint}`);
    try {
      const result = await act();
      if (live) await client.query(`RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      if (conflict(error)) lost = error;
      if (live) await client.query(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
      throw error;
    }
  };
  // A failed statement aborts the whole transaction on Postgres, so each one has a savepoint.
  const ask: Query = (sql, args, raw) => within("statement", () => query(client, sql, args, raw));
  const unit: WriteUnit = {
    ...connection(ask),
    afterCommit: (act) => acts.afterCommit(act),
    afterRollback: (act) => acts.afterRollback(act),
    nested: async (part) => {
      const mark = acts.mark();
      try {
        return await within("nested", part);
      } catch (error) {
        acts.rolledBack(mark);
        throw error;
      }
    },
  };
  await client.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
  let value: T;
  try {
    value = await work(unit);
    live = false;
    if (lost !== null) throw lost;
    await client.query("COMMIT");
  } catch (error) {
    live = false;
    await client.query("ROLLBACK");
    acts.rolledBack();
    // A handler that caught a conflict and threw its own error has to run again all the same.
    throw lost ?? error;
  }
  acts.committed();
  return value;
}
