import type { ChangeKind } from "../protocol/wire.ts";
import type { Row } from "./query.ts";

/** A write that the page already shows and whose event has not arrived. */
export interface PendingChange {
  readonly entity: string;
  readonly rowId: string;
  readonly kind: ChangeKind;
  /** Insert: the whole row as the page may see it. Update: the changed fields. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Number of the change in the feed, once the server has answered. */
  seq: number | null;
}

/** The pending writes in the order they were made, laid over the server's rows. */
export class Optimistic {
  readonly #byRow = new Map<string, PendingChange[]>();

  add(change: PendingChange): void {
    const key = rowKey(change.entity, change.rowId);
    const others = this.#byRow.get(key);
    if (others === undefined) this.#byRow.set(key, [change]);
    else others.push(change);
  }

  drop(change: PendingChange): void {
    this.#keep(change.entity, change.rowId, (other) => other !== change);
  }

  /** The server's row now includes everything up to `seq`: answered changes up to there are no longer laid over it. */
  confirm(entity: string, rowId: string, seq: number): void {
    if (this.#byRow.size > 0) this.#keep(entity, rowId, (change) => change.seq === null || change.seq > seq);
  }

  /** The row as the page shows it. */
  overlay(entity: string, rowId: string, row: Row | null): Row | null {
    let shown = row;
    for (const { kind, data } of this.#byRow.get(rowKey(entity, rowId)) ?? []) {
      if (kind === "delete") shown = null;
      else if (kind === "insert") shown = { ...data, ...shown, id: rowId };
      else if (shown !== null) shown = { ...shown, ...data, id: rowId };
    }
    return shown;
  }

  all(): PendingChange[] {
    return [...this.#byRow.values()].flat();
  }

  #keep(entity: string, rowId: string, wanted: (change: PendingChange) => boolean): void {
    const key = rowKey(entity, rowId);
    const left = this.#byRow.get(key)?.filter(wanted) ?? [];
    if (left.length === 0) this.#byRow.delete(key);
    else this.#byRow.set(key, left);
  }
}

const rowKey = (entity: string, rowId: string): string => `${entity}/${rowId}`;
