export type ChangeKind = "insert" | "update" | "delete";

/** R-EV: one row write. `data` is the whole row; merged all the same, since another server may send the changed fields only. */
export interface ChangeEvent {
  readonly seq: number;
  readonly entity: string;
  readonly row_id: string;
  readonly kind: ChangeKind;
  readonly data?: Readonly<Record<string, unknown>> | null;
}

/** R-PULL. `snapshot_after` is there while a snapshot has further pages, and goes back verbatim. */
export interface PullAnswer {
  readonly changes: readonly ChangeEvent[];
  readonly cursor: { readonly last_seq: number };
  readonly has_more: boolean;
  readonly snapshot_after?: string | null;
}

/** R-PUSH. */
export interface PushAnswer {
  readonly results: readonly PushResult[];
}

export interface PushResult {
  readonly status: "applied" | "replayed" | "error";
  readonly row_id: string;
  readonly seq?: number | null;
  readonly error?: { readonly code: string; readonly message: string };
}
