import type { WriteOptions, WriteUnit } from "../ports.ts";
import type { SqliteUnit } from "./unit.ts";

/** A unit of work that waits or runs, with the promise that its caller holds. */
export interface QueuedUnit {
  readonly work: (unit: WriteUnit) => Promise<unknown>;
  readonly options: WriteOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Runs in a transaction of its own and may wait (compatibility mode). */
  alone: boolean;
}

export interface Current {
  readonly queued: QueuedUnit;
  readonly unit: SqliteUnit;
  /** The transaction holds work of earlier units, so this one stands in a savepoint. */
  readonly nested: boolean;
}

/** Units that share one COMMIT. */
export interface CommitGroup {
  readonly startedAt: number;
  /** What to tell each unit once the COMMIT is through, in order. */
  readonly settle: (() => void)[];
  readonly members: QueuedUnit[];
  /** Those whose work stands in the transaction, in order, the running one included. */
  readonly units: SqliteUnit[];
  /** BEGIN has been run and neither COMMIT nor ROLLBACK. */
  open: boolean;
  alone: boolean;
  current: Current | null;
  stopWatch: () => void;
}

export const newGroup = (startedAt: number, alone: boolean): CommitGroup => ({
  startedAt,
  settle: [],
  members: [],
  units: [],
  open: false,
  alone,
  current: null,
  stopWatch: () => undefined,
});

/** Starts the work; what it throws outside of a promise counts as a rejection. */
export function attempt<On>(work: (on: On) => Promise<unknown>, on: On): Promise<unknown> {
  try {
    return work(on);
  } catch (error) {
    return Promise.reject(error);
  }
}
