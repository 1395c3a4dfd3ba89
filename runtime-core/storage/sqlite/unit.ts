import { UnitActs } from "../acts.ts";
import { nestedOverlap, unitEnded } from "../errors.ts";
import type { Args, RunResult, WriteUnit } from "../ports.ts";
import type { Statements } from "./statements.ts";
import { savepoint } from "./transaction.ts";

/** What a unit of work holds of the writer connection, until its transaction ends or it is taken away. */
export class SqliteUnit implements WriteUnit {
  readonly acts = new UnitActs();
  /** Set when SQLite itself rolled the transaction back (disk full, I/O error): everything in the group is lost. */
  lost: unknown = null;
  readonly #statements: Statements;
  #live = true;
  /** Nested parts that are open, each inside the one before it. */
  #depth = 0;
  #fault: unknown = null;

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
    this.acts.afterCommit(act);
  }

  afterRollback(act: () => void): void {
    this.#open();
    this.acts.afterRollback(act);
  }

  async nested<T>(work: () => Promise<T>): Promise<T> {
    const part = savepoint(this.#open(), "nested");
    const mark = this.acts.mark();
    this.#do(part.save);
    this.#depth += 1;
    const depth = this.#depth;
    let value: T;
    try {
      value = await work();
    } catch (error) {
      // When the unit is over or lost, its rollback takes the part with it.
      if (this.#live && this.#innermost(depth)) {
        this.#do(part.undo);
        this.acts.rolledBack(mark);
      }
      throw error;
    }
    this.#open();
    if (!this.#innermost(depth)) throw this.#fault;
    this.#do(part.release);
    return value;
  }

  /** Why nothing of the unit may be kept although its work has settled well; null for nothing. */
  get fault(): unknown {
    return this.#fault ?? (this.#depth > 0 ? nestedOverlap() : null);
  }

  /** From here on every call is refused: a handler that goes on would write into the transaction of another unit. */
  end(): void {
    this.#live = false;
  }

  #open(): Statements {
    if (!this.#live) throw unitEnded();
    return this.#statements;
  }

  /** Closes the part. False where one that was begun later is still open: no savepoint says which writes belong to whom. */
  #innermost(depth: number): boolean {
    if (this.#depth !== depth) this.#fault ??= nestedOverlap();
    else this.#depth -= 1;
    return this.#fault === null;
  }

  #do(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fault ??= error;
      throw this.#failed(error);
    }
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
