import type SQLite from "better-sqlite3";
import { StorageError } from "../errors.ts";
import type { Args, RunResult } from "../ports.ts";
import { translate } from "./errors.ts";

/**
 * Prepared statements by text. Two generations instead of an ordered list: a hit costs one look-up, and what was not used during a
 * whole generation is dropped. Texts are constant, so in practice nothing ever is.
 */
export class StatementCache<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  readonly #generationMax: number;
  readonly #prepare: (sql: string) => T;

  constructor(statementsMax: number, prepare: (sql: string) => T) {
    this.#generationMax = Math.max(1, statementsMax >> 1);
    this.#prepare = prepare;
  }

  get(sql: string): T {
    return this.#young.get(sql) ?? this.#admit(sql);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #admit(sql: string): T {
    const statement = this.#old.get(sql) ?? this.#prepare(sql);
    this.#old.delete(sql);
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(sql, statement);
    return statement;
  }
}

interface Prepared {
  readonly statement: SQLite.Statement<unknown[]>;
  /** Result columns that may hold integers beyond 2^53, which the driver would round without a word. */
  readonly integers: readonly string[];
}

/** A declared type that gives a column integer affinity. */
const INTEGER = /int/i;

/** Runs statements on one connection, synchronously, each text prepared once (preparing again costs 10 us). */
export class Statements {
  readonly connection: SQLite.Database;
  readonly #rows: StatementCache<Prepared>;
  readonly #texts: StatementCache<SQLite.Statement<unknown[]>>;

  constructor(connection: SQLite.Database, statementsMax: number) {
    this.connection = connection;
    this.#rows = new StatementCache(statementsMax, (sql) => {
      const statement = connection.prepare(sql);
      const columns = statement.reader ? statement.columns() : [];
      return { statement, integers: columns.filter((c) => INTEGER.test(c.type ?? "")).map((c) => c.name) };
    });
    this.#texts = new StatementCache(statementsMax, (sql) => connection.prepare(sql).pluck());
  }

  all<T>(sql: string, args: Args): T[] {
    try {
      const { statement, integers } = this.#rows.get(sql);
      const rows = statement.all(checked(args)) as T[];
      if (integers.length > 0) for (const row of rows) checkIntegers(row, integers);
      return rows;
    } catch (error) {
      throw translate(error);
    }
  }

  get<T>(sql: string, args: Args): T | undefined {
    try {
      const { statement, integers } = this.#rows.get(sql);
      const row = statement.get(checked(args)) as T | undefined;
      if (row !== undefined && integers.length > 0) checkIntegers(row, integers);
      return row;
    } catch (error) {
      throw translate(error);
    }
  }

  run(sql: string, args: Args): RunResult {
    try {
      const { changes, lastInsertRowid } = this.#rows.get(sql).statement.run(checked(args));
      return { changes, lastId: Number(lastInsertRowid) };
    } catch (error) {
      throw translate(error);
    }
  }

  text(sql: string, args: Args): string | null {
    try {
      const value = this.#texts.get(sql).get(checked(args));
      return value === undefined || value === null ? null : String(value);
    } catch (error) {
      throw translate(error);
    }
  }
}

/** SQLite stores NaN as NULL and prints infinities as what no JSON parser takes. */
function checked(args: Args): Args {
  for (const value of args) {
    if (typeof value === "number" && !Number.isFinite(value))
      throw new StorageError("NUMBER_NOT_FINITE", `${value} cannot be stored`);
  }
  return args;
}

function checkIntegers(row: unknown, names: readonly string[]): void {
  const values = row as Readonly<Record<string, unknown>>;
  for (const name of names) {
    const value = values[name];
    if (typeof value === "number" && (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER))
      throw new StorageError("INTEGER_RANGE", `Column "${name}" holds an integer outside of ±(2^53-1)`);
  }
}
