/** Version of the messages in this folder; in the hello. A client that knows only older ones may say so to its user. */
export const WIRE_VERSION = 1;

export type ChangeKind = "insert" | "update" | "delete";

export const isChangeKind = (value: unknown): value is ChangeKind =>
  value === "insert" || value === "update" || value === "delete";

/** R-EV: one row write. `data` is the whole row; absent on a real delete in a pull, `{id}` where the row left the caller's sight. */
export interface WireChange {
  readonly seq: number;
  readonly entity: string;
  readonly row_id: string;
  readonly kind: ChangeKind;
  readonly data?: Readonly<Record<string, unknown>>;
  /** "" on sockets, streams and in snapshots; `<unix seconds>Z` in a delta pull. */
  readonly timestamp: string;
}

/** The same change as its sender holds it: `data` is JSON text already, null for none. */
export interface ChangeText {
  readonly seq: number;
  readonly entity: string;
  readonly rowId: string;
  readonly kind: ChangeKind;
  readonly data: string | null;
  readonly timestamp: string;
}

/** JSON text of a `WireChange`. Built by hand: `data` goes in as it is, without being parsed and printed again. */
export function encodeChange({ seq, entity, rowId, kind, data, timestamp }: ChangeText): string {
  const head = `{"seq":${seq},"entity":"${entity}","row_id":${JSON.stringify(rowId)},"kind":"${kind}"`;
  return `${head}${data === null ? "" : `,"data":${data}`},"timestamp":"${timestamp}"}`;
}

/** R-PULL. `snapshot_after` is URL-encoded already and goes back verbatim. `epoch` is there for callers that named one. */
export interface PullAnswer {
  readonly changes: readonly WireChange[];
  readonly cursor: { readonly last_seq: number; readonly epoch?: string };
  readonly has_more: boolean;
  readonly snapshot_after?: string | null;
}
