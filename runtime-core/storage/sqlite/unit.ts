import { unitEnded } from "../errors.ts";
import type { Args, RunResult, WriteUnit } from "../ports.ts";
import type { Statements } from "./statements.ts";

const NONE: Args = [];

/** The one transaction of the writer connection. IMMEDIATE: the lock is taken at the start, so no statement meets SQLITE_BUSY. */
export function transaction(statements: Statements) {
  /** SQLite may have rolled back by itself; then there is nothing left to undo. */
  const rollback = (): void => {
    if (statements.connection.inTransaction) statements.run("ROLLBACK", NONE);
  };
  return {
    begin: (): void => {
      // Still inside only after a ROLLBACK that failed (a broken disk): tried again before anybody writes.
      rollback();
      statements.run("BEGIN IMMEDIATE", NONE);
    },
    commit: (): void => void statements.run("COMMIT", NONE),
    rollback,
    save: (): void => void statements.run("SAVEPOINT unit", NONE),
    release: (): void => void statements.run("RELEASE unit", NONE),
    undo: (): void => {
      statements.run("ROLLBACK TO unit", NONE);
      statements.run("RELEASE unit", NONE);
    },
  };
}

export type Transaction = ReturnType<typeof transaction>;

/** What a unit of work holds of the writer connection, until its transaction ends or it is taken away. */
export class SqliteUnit implements WriteUnit {
  readonly acts: (() => void)[] = [];
  /** Set when SQLite itself rolled the transaction back (disk full, I/O error): everything in the group is lost. */
  lost: unknown = null;
  readonly #statements: Statements;
  #live = true;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async all<T>(sql: string, args: Args): Promise<T[]> {
    try {
      return this.#open().all<T>(sql, args);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async get<T>(sql: string, args: Args): Promise<T | undefined> {
    try {
      return this.#open().get<T>(sql, args);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async run(sql: string, args: Args): Promise<RunResult> {
    try {
      return this.#open().run(sql, args);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async text(sql: string, args: Args): Promise<string | null> {
    try {
      return this.#open().text(sql, args);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  afterCommit(act: () => void): void {
    this.#open();
    this.acts.push(act);
  }

  /** From here on every call is refused: a handler that goes on would write into the transaction of another unit. */
  end(): void {
    this.#live = false;
  }

  #open(): Statements {
    if (!this.#live) throw unitEnded();
    return this.#statements;
  }

  /** A failed statement leaves the transaction as it was, except after the few errors for which SQLite gives it up as a whole. */
  #failed(error: unknown): unknown {
    if (this.#live && !this.#statements.connection.inTransaction) {
      this.lost = error;
      this.#live = false;
    }
    return error;
  }
}
