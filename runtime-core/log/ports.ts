import type { Auth } from "../kernel/auth.ts";
import type { ChangeKind } from "../protocol/wire.ts";
import type { WriteUnit } from "../storage/ports.ts";

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

/**
 * What the generated program says about the rows of its entities: a `switch` over their names, straight-line per entity. The one
 * filter behind snapshot, delta pull, socket and SSE, so that none of them can forget a rule.
 */
export interface Visibility {
  /**
   * What this caller may see of a feed row (JSON text): the wire row as JSON text, or null when it may not be read or the entity is
   * not synced. A promise only where a rule asks for other rows (`exists`).
   */
  see(entity: string, auth: Auth, row: string): string | null | Promise<string | null>;
  /** Callers with equal keys see the same of every row of the entity: evaluate and serialise once a key. */
  groupOf(entity: string, auth: Auth): string;
  /** Entities whose visibility may change when a row of `entity` changes, because their read rules ask for it in `exists`. */
  affectedBy(entity: string): readonly string[];
}

/** Readable rows for a snapshot pull, in the order of `entities`, each by ascending id. */
export interface SnapshotSource {
  readonly entities: readonly string[];
  /** At most `limit` rows with an id greater than `after`; `data` is the wire row as JSON text. */
  rows(entity: string, auth: Auth, after: string, limit: number): Promise<readonly { id: string; data: string }[]>;
}

/** One change of a push, after its shape was checked (`entity` may still be unknown to the app). */
export interface PushChange {
  readonly entity: string;
  readonly rowId: string;
  readonly kind: ChangeKind;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** Applies one pushed change under the caller's write rules; throws `PylonError` when it is refused. `seq` is null when nothing had to be written. */
export interface PushTarget {
  apply(
    unit: WriteUnit,
    auth: Auth,
    change: PushChange,
  ): Promise<{ readonly rowId: string; readonly seq: number | null }>;
}
