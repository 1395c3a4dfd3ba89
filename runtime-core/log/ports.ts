import type { WriteUnit } from "../storage/ports.ts";

export type ChangeKind = "insert" | "update" | "delete";

/**
 * One row write, as the feed keeps it. `data` is the row after (delete: null), `prev` the row before (insert: null), both as JSON
 * text of the *feed row*: the columns that clients get and those that read rules name, in declaration order.
 */
export interface Change {
  readonly entity: string;
  readonly rowId: string;
  readonly kind: ChangeKind;
  readonly data: string | null;
  readonly prev: string | null;
}

/** A change with its place in the feed. `seq` is dense and starts at 1; `at` is milliseconds since the epoch. */
export interface FeedEvent extends Change {
  readonly seq: number;
  readonly at: number;
}

export interface ChangeLog {
  /** Writes the event in the unit's transaction and hands it to fan-out after COMMIT. Gives its number. */
  append(unit: WriteUnit, change: Change): Promise<number>;
}
