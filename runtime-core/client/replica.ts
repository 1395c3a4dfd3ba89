import type { WireChange } from "../protocol/wire.ts";
import { Cursor } from "./cursor.ts";
import type { PylonClientError } from "./errors.ts";
import type { Optimistic } from "./optimistic.ts";
import type { Row } from "./query.ts";

/** A row as the server last told it; `row` is null when it is deleted (a tombstone, kept until the cursor has passed it). */
interface Known {
  readonly seq: number;
  readonly row: Row | null;
}

interface Table {
  readonly known: Map<string, Known>;
  /** What the page sees: the known rows with the pending writes over them. Rows that did not change keep their object. */
  readonly shown: Map<string, Row>;
  readonly listeners: Set<() => void>;
  version: number;
}

/** Whether the rows are all there, and why not. */
export interface ReplicaStatus {
  readonly ready: boolean;
  readonly error: PylonClientError | null;
}

/** Rows of a snapshot being read, by entity. */
export type Snapshot = Map<string, Row[]>;

/** The rows that this caller may read, kept up to date by events. Tells only the listeners of the entities that changed. */
export class Replica {
  readonly cursor = new Cursor();
  readonly #optimistic: Optimistic;
  readonly #tables = new Map<string, Table>();
  #status: ReplicaStatus = { ready: false, error: null };

  constructor(optimistic: Optimistic) {
    this.#optimistic = optimistic;
  }

  get status(): ReplicaStatus {
    return this.#status;
  }

  rows(entity: string): Iterable<Row> {
    return this.#table(entity).shown.values();
  }

  row(entity: string, id: string): Row | null {
    return this.#table(entity).shown.get(id) ?? null;
  }

  /** Grows with each change of the entity or of the status. */
  version(entity: string): number {
    return this.#table(entity).version;
  }

  subscribe(entity: string, listener: () => void): () => void {
    const { listeners } = this.#table(entity);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  setStatus(status: ReplicaStatus): void {
    if (status.ready === this.#status.ready && status.error === this.#status.error) return;
    this.#status = status;
    this.#tell(this.#tables.keys());
  }

  /** Takes in events, in any order and more than once. */
  apply(events: readonly WireChange[]): void {
    const changed = new Set<string>();
    for (const event of events) {
      if (event.seq <= this.cursor.seq || !this.#take(event)) continue;
      this.#show(event.entity, event.row_id);
      changed.add(event.entity);
    }
    this.#tell(changed);
  }

  /** Takes in one event of the socket. */
  live(event: WireChange): void {
    this.apply([event]);
    this.cursor.arrived(event.seq);
    this.#dropTombstone(this.#table(event.entity).known, event.row_id);
  }

  /** A pull has told everything up to `seq`. */
  pulled(seq: number): void {
    this.cursor.pulled(seq);
    const waiting = this.#optimistic.all();
    for (const { entity, rowId } of waiting) this.#show(entity, rowId);
    for (const { known } of this.#tables.values()) for (const id of known.keys()) this.#dropTombstone(known, id);
    this.#tell(new Set(waiting.map((change) => change.entity)));
  }

  /** Puts a whole snapshot, taken at `seq`, in the place of all rows. */
  replace(snapshot: Snapshot, seq: number): void {
    this.cursor.reset(seq);
    for (const table of this.#tables.values()) table.known.clear();
    for (const [entity, rows] of snapshot) {
      const { known } = this.#table(entity);
      for (const row of rows) known.set(row.id, { seq, row });
    }
    const pending = this.#optimistic.all();
    for (const [entity, table] of this.#tables) {
      table.shown.clear();
      for (const id of table.known.keys()) this.#show(entity, id);
    }
    for (const { entity, rowId } of pending) this.#show(entity, rowId);
    this.#tell(this.#tables.keys());
  }

  /** Forgets everything, since the caller is someone else now. */
  clear(): void {
    this.#status = { ready: false, error: null };
    this.replace(new Map(), 0);
  }

  /** A pending write of this row was made, confirmed or taken back. */
  refresh(entity: string, id: string): void {
    this.#show(entity, id);
    this.#tell([entity]);
  }

  #take({ entity, row_id: id, kind, data, seq }: WireChange): boolean {
    const { known } = this.#table(entity);
    const old = known.get(id);
    if (old !== undefined && old.seq >= seq) return false;
    const row = kind === "delete" ? null : { ...(kind === "update" ? old?.row : null), ...data, id };
    known.set(id, { seq, row });
    return true;
  }

  /** What the cursor has passed cannot come again, so there is nothing left to guard against. */
  #dropTombstone(known: Map<string, Known>, id: string): void {
    const old = known.get(id);
    if (old?.row === null && old.seq <= this.cursor.seq) known.delete(id);
  }

  #show(entity: string, id: string): void {
    const { known, shown } = this.#table(entity);
    const base = known.get(id);
    this.#optimistic.confirm(entity, id, Math.max(base?.seq ?? 0, this.cursor.seq));
    const row = this.#optimistic.overlay(entity, id, base?.row ?? null);
    if (row === null) shown.delete(id);
    else shown.set(id, row);
  }

  #tell(entities: Iterable<string>): void {
    const tables = Array.from(entities, (entity) => this.#table(entity));
    for (const table of tables) table.version += 1;
    for (const table of tables) for (const listener of table.listeners) listener();
  }

  #table(entity: string): Table {
    let table = this.#tables.get(entity);
    if (table === undefined) {
      table = { known: new Map(), shown: new Map(), listeners: new Set(), version: 0 };
      this.#tables.set(entity, table);
    }
    return table;
  }
}
