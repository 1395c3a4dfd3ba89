import type { WriteOptions, WriteUnit } from "../ports.ts";
import type { SqliteUnit } from "./unit.ts";

/** A unit of work that waits or runs, with the promise that its caller holds. */
export interface Job {
  readonly work: (unit: WriteUnit) => Promise<unknown>;
  readonly options: WriteOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Runs in a transaction of its own and may wait (compatibility mode). */
  alone: boolean;
}

export interface Current {
  readonly job: Job;
  readonly unit: SqliteUnit;
  /** The transaction holds work of earlier units, so this one stands in a savepoint. */
  readonly nested: boolean;
}

/** Units that share one COMMIT. */
export interface Group {
  readonly startedAt: number;
  /** What to tell each unit once the COMMIT is through, in order. */
  readonly settle: (() => void)[];
  readonly jobs: Job[];
  readonly acts: (() => void)[];
  /** BEGIN has been run and neither COMMIT nor ROLLBACK. */
  open: boolean;
  alone: boolean;
  current: Current | null;
  stopWatch: () => void;
}

export const newGroup = (startedAt: number, alone: boolean): Group => ({
  startedAt,
  settle: [],
  jobs: [],
  acts: [],
  open: false,
  alone,
  current: null,
  stopWatch: () => undefined,
});

/** Starts the work; what it throws outside of a promise counts as a rejection. */
export function attempt(work: Job["work"], unit: WriteUnit): Promise<unknown> {
  try {
    return work(unit);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** An act must not throw. If one does, it is reported as uncaught, but the answers of other units leave all the same. */
export function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
