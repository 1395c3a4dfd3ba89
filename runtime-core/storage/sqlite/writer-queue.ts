import type { Clock, Timers } from "../../kernel/clock.ts";
import { crashPoint } from "../../kernel/crash.ts";
import { PylonError } from "../../kernel/errors.ts";
import type { Limits } from "../../kernel/limits.ts";
import { mutationTimeout, mutationWaits, overloaded, shuttingDown, storageFailed } from "../errors.ts";
import type { WriteOptions, WriteUnit } from "../ports.ts";
import { attempt, type CommitGroup, type Current, newGroup, type QueuedUnit } from "./group.ts";
import type { Statements } from "./statements.ts";
import { type Transaction, transaction } from "./transaction.ts";
import { SqliteUnit } from "./unit.ts";

export interface WriterParts {
  readonly statements: Statements;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits: Pick<Limits, "writeQueueMax" | "groupUnitsMax" | "groupMs" | "requestMs">;
}

/**
 * The single writer (architecture D9). Units run strictly one after another, each in its savepoint; a group of them is
 * committed when the queue is empty, after `groupUnitsMax` units or `groupMs`; answers and `afterCommit` leave only then.
 */
export class WriterQueue {
  readonly #statements: Statements;
  readonly #transaction: Transaction;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #limits: WriterParts["limits"];
  #queue: QueuedUnit[] = [];
  #scheduled = false;
  #group: CommitGroup | null = null;
  /** Labels of units that once waited (compatibility mode). They are names of functions, so there are few. */
  readonly #waiters = new Set<string>();
  #idle: (() => void)[] = [];
  #closed = false;

  constructor({ statements, clock, timers, limits }: WriterParts) {
    this.#statements = statements;
    this.#transaction = transaction(statements);
    this.#clock = clock;
    this.#timers = timers;
    this.#limits = limits;
  }

  /** `apart`: in a transaction of its own from the start, also where nothing is known of its label. */
  write<T>(work: (unit: WriteUnit) => Promise<T>, options: WriteOptions = {}, apart = false): Promise<T> {
    if (this.#closed) return Promise.reject(shuttingDown());
    if (this.#queue.length >= this.#limits.writeQueueMax) return Promise.reject(overloaded("writes"));
    return new Promise<T>((resolve, reject) => {
      const waited = options.mayWait === true && options.label !== undefined && this.#waiters.has(options.label);
      this.#queue.push({ work, options, resolve: resolve as QueuedUnit["resolve"], reject, alone: apart || waited });
      this.#wake();
    });
  }

  /** A group is running, so the connection may be inside a transaction. */
  get open(): boolean {
    return this.#group !== null;
  }

  /** Null when no transaction is open, else a promise of the moment when that is so. */
  committed(): Promise<void> | null {
    if (this.#group === null) return null;
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Refuses new units and resolves when those that were accepted are answered. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.open || this.#scheduled) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** In a `setImmediate`, so that all writes of one turn of the event loop share a COMMIT. */
  #wake(): void {
    if (this.#scheduled || this.#group !== null || this.#queue.length === 0) return;
    this.#scheduled = true;
    this.#timers.afterTurn(() => this.#start());
  }

  #start(): void {
    this.#scheduled = false;
    const group = newGroup(this.#clock.monotonic(), this.#queue[0]?.alone === true);
    this.#group = group;
    // One watch for the whole group: units go on in promise jobs only, and all of those have run when a `setImmediate` fires. A
    // unit that is not settled by then waits for something that is not the database.
    if (!group.alone) group.stopWatch = this.#timers.afterTurn(() => this.#waited(group));
    this.#next(group);
  }

  #next(group: CommitGroup): void {
    const queued = this.#queue[0];
    if (queued === undefined || this.#full(group, queued)) {
      this.#commit(group);
      return;
    }
    const nested = group.open;
    try {
      if (nested) this.#transaction.save();
      else this.#transaction.begin();
    } catch (error) {
      // Nobody can write now, so everything that waits is told so; a later write tries again.
      group.members.push(...this.#queue.splice(0));
      this.#fail(group, error);
      return;
    }
    this.#queue.shift();
    group.open = true;
    group.members.push(queued);
    const unit = new SqliteUnit(this.#statements);
    group.units.push(unit);
    const current = { queued, unit, nested };
    group.current = current;
    if (group.alone) this.#limitTime(group, current);
    crashPoint("after-begin");
    attempt(queued.work, unit).then(
      (value) => this.#settled(group, current, value),
      (error) => this.#refused(group, current, error),
    );
  }

  #full(group: CommitGroup, next: QueuedUnit): boolean {
    if (group.members.length === 0) return false;
    if (group.alone || next.alone || group.members.length >= this.#limits.groupUnitsMax) return true;
    return this.#clock.monotonic() - group.startedAt >= this.#limits.groupMs;
  }

  #settled(group: CommitGroup, current: Current, value: unknown): void {
    if (group.current !== current) return;
    const { queued, unit, nested } = current;
    const { fault } = unit;
    if (fault !== null) {
      this.#refused(group, current, fault);
      return;
    }
    if (!this.#take(group, current)) return;
    if (nested && !this.#attemptOr(group, this.#transaction.release)) return;
    group.settle.push(() => queued.resolve(value));
    this.#next(group);
  }

  #refused(group: CommitGroup, current: Current, error: unknown): void {
    if (group.current !== current) return;
    if (!this.#take(group, current) || !this.#undo(group, current)) return;
    // Told after the COMMIT like the others: the error may rest on what an earlier unit of the group wrote.
    group.settle.push(() => current.queued.reject(error));
    this.#next(group);
  }

  /** The immediate fired while a unit was running. */
  #waited(group: CommitGroup): void {
    const { current } = group;
    if (current === null || this.#group !== group) return;
    if (!this.#take(group, current) || !this.#undo(group, current)) return;
    const { queued } = current;
    const { label, mayWait } = queued.options;
    if (mayWait === true) {
      if (label !== undefined) this.#waiters.add(label);
      queued.alone = true;
      group.members.pop();
      this.#queue.unshift(queued);
    } else {
      group.settle.push(() => queued.reject(mutationWaits(label)));
    }
    this.#commit(group);
  }

  #limitTime(group: CommitGroup, current: Current): void {
    const { label, deadlineMs = this.#limits.requestMs } = current.queued.options;
    group.stopWatch = this.#timers.after(deadlineMs, () => {
      if (group.current !== current) return;
      if (!this.#take(group, current) || !this.#undo(group, current)) return;
      group.settle.push(() => current.queued.reject(mutationTimeout(label, deadlineMs)));
      this.#commit(group);
    });
  }

  /** Takes the connection away from the unit. False when SQLite gave up the whole transaction meanwhile. */
  #take(group: CommitGroup, { unit }: Current): boolean {
    group.current = null;
    unit.end();
    if (unit.lost === null) return true;
    this.#fail(group, unit.lost);
    return false;
  }

  /** Undoes one unit and nothing else. The first of a transaction needs no savepoint: nothing stands before it. */
  #undo(group: CommitGroup, { unit, nested }: Current): boolean {
    if (!nested) group.open = false;
    if (!this.#attemptOr(group, nested ? this.#transaction.undo : this.#transaction.rollback)) return false;
    group.units.pop();
    unit.acts.rolledBack();
    return true;
  }

  #attemptOr(group: CommitGroup, act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#fail(group, error);
      return false;
    }
  }

  #commit(group: CommitGroup): void {
    if (group.open) {
      crashPoint("before-commit");
      if (!this.#attemptOr(group, this.#transaction.commit)) return;
      crashPoint("after-commit");
    }
    this.#end(group);
    for (const unit of group.units) unit.acts.committed();
    for (const settle of group.settle) settle();
    this.#rest();
  }

  /** Nothing of the group was kept: every unit hears it, and nothing is sent. */
  #fail(group: CommitGroup, cause: unknown): void {
    const error = cause instanceof PylonError ? cause : storageFailed(String(cause));
    this.#rollback();
    this.#end(group);
    for (const unit of group.units.reverse()) unit.acts.rolledBack();
    for (const queued of group.members) queued.reject(error);
    this.#rest();
  }

  #rollback(): void {
    try {
      this.#transaction.rollback();
    } catch {
      // The units are told of the first error, which is the cause; the next BEGIN rolls back again before anything else.
    }
  }

  #end(group: CommitGroup): void {
    group.stopWatch();
    group.open = false;
    this.#group = null;
  }

  #rest(): void {
    this.#wake();
    const idle = this.#idle;
    this.#idle = [];
    for (const tell of idle) tell();
  }
}
