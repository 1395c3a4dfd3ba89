import type { Dialect } from "../sql/dialect.ts";
import type { LiveSchema } from "./schema/schema.ts";

/** What a statement takes and gives. Booleans are 0/1 on SQLite; generated codecs know. Integers are within ±(2^53-1). */
export type SqlValue = string | number | null | Uint8Array;
export type Args = readonly SqlValue[];

export interface RunResult {
  /** Rows inserted, updated or deleted by this statement. */
  readonly changes: number;
  /** Value of the integer primary key of the last inserted row; 0 where the table has none. */
  readonly lastId: number;
}

/**
 * Runs SQL. Statement text is constant (a cached prepared statement stands behind each distinct text), so values go
 * into `args` and nothing from a request goes into `sql`. On SQLite the promises are already resolved.
 */
export interface SqlConnection {
  /** Every row, as an object by column name. */
  all<T>(sql: string, args: Args): Promise<T[]>;
  /** The first row, or undefined. */
  get<T>(sql: string, args: Args): Promise<T | undefined>;
  run(sql: string, args: Args): Promise<RunResult>;
  /** First column of the first row as text (answers that the database builds), or null when there is no row. */
  text(sql: string, args: Args): Promise<string | null>;
}

/** One unit of work inside a write transaction: all of it is committed or none. */
export interface WriteUnit extends SqlConnection {
  /** Called after COMMIT, in the order of registration over all units of the group; never after a rollback. Must not throw. */
  afterCommit(act: () => void): void;
  /**
   * Called when the unit, its group, or the nested part that registered it is rolled back: after the rollback, the last registered
   * first, over all units of the group. Never after a COMMIT, and once for each run where `work` runs again. Must not throw.
   */
  afterRollback(act: () => void): void;
  /**
   * Runs `work` in a savepoint. When it throws, what it wrote is undone, its `afterCommit` acts are dropped, its `afterRollback` acts
   * run, and the error goes on to the caller, who may catch it and go on with the unit. Parts nest. Await one before anything else
   * is done in the unit: whatever is written while it is open belongs to it, and a unit whose parts overlap is rolled back as a whole.
   */
  nested<T>(work: () => Promise<T>): Promise<T>;
}

export interface WriteOptions {
  /** Named in `MUTATION_WAITS` and in logs: what the unit is doing, for people. */
  readonly label?: string;
  /** Compatibility mode: a unit that waits for something else runs again alone instead of failing (architecture D9). */
  readonly mayWait?: boolean;
  /** Milliseconds that a unit running alone may take before it is rolled back with 503 `MUTATION_TIMEOUT`. */
  readonly deadlineMs?: number;
}

export interface Capabilities {
  /** The feed number is known inside the transaction (SQLite, Durable Object), not only after sequencing (Postgres). */
  readonly sequenceInTransaction: boolean;
  /** Statements may block the event loop, so scans belong to `scan`. */
  readonly inProcess: boolean;
}

/** A database: a dialect (text) plus this port (execution). Two writes never interleave inside one process. */
export interface Database {
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  /** Point and indexed reads of committed data. */
  readonly read: SqlConnection;
  /** Reads that may touch many rows: on reader threads with a deadline (503 `QUERY_TIMEOUT`) where the engine is in process. */
  readonly scan: SqlConnection;
  /** Resolves after COMMIT with the value of `work`; rejects when the unit or its group was rolled back. */
  write<T>(work: (unit: WriteUnit) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * Several reads of one state of the database: everything that `work` reads through `on` is as of one instant, that of its first
   * read. Only for reading: a statement that writes is refused. `on` is refused (`SNAPSHOT_ENDED`) when `work` has settled. `work`
   * should await nothing but `on`, since connections are few: 503 `OVERLOADED` when none is free in time, and 503 `QUERY_TIMEOUT` after
   * `snapshotMs`. Not inside a unit, which reads from itself.
   */
  snapshot<T>(work: (on: SqlConnection) => Promise<T>): Promise<T>;
  /** The tables that are there, from the engine's own catalogue. `on` is the unit that changes the schema; else what is committed. */
  introspect(on?: SqlConnection): Promise<LiveSchema>;
  close(): Promise<void>;
}

/** A broken UNIQUE constraint, the same on each engine. `columns` are `Entity.field`, as in "UNIQUE constraint failed: User.email". */
export class UniqueViolation extends Error {
  readonly columns: readonly string[];
  constructor(columns: readonly string[]) {
    super(`UNIQUE constraint failed: ${columns.join(", ")}`);
    this.name = "UniqueViolation";
    this.columns = columns;
  }
}
