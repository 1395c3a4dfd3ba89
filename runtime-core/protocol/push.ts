import { PylonError } from "../kernel/errors.ts";
import { isValidText } from "../kernel/text.ts";
import { invalidJson, isObject, parseJson } from "./json.ts";
import { type ChangeKind, isChangeKind } from "./wire.ts";

/** One change of a push, by shape alone. */
export interface PushedChange {
  readonly entity: string;
  /** On an insert a client's temporary name, unless it is the id that `data.id` names too. */
  readonly rowId: string;
  readonly kind: ChangeKind;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly opId: string | null;
}

export interface PushRequest {
  readonly clientId: string | null;
  readonly changes: readonly PushedChange[];
}

/** R-PUSH, as sent: what was tried and what became of it. */
export interface PushResult {
  readonly entity: string;
  readonly kind: ChangeKind;
  readonly op_id: string | null;
  readonly row_id: string;
  readonly status: "applied" | "replayed" | "error";
  readonly seq?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface PushAnswer {
  readonly applied: number;
  readonly deduped: number;
  /** `insert E/x: words`, one line a failure. */
  readonly errors: readonly string[];
  readonly cursor: { readonly last_seq: number };
  readonly results: readonly PushResult[];
}

export interface PushLimits {
  readonly jsonDepthMax: number;
  readonly pushChangesMax: number;
}

/** Reads a push body. Throws 400 `INVALID_JSON` for a wrong shape, for all changes alike (H-SYNC-PUSH), 413 for too many changes. */
export function parsePush(body: string, limits: PushLimits): PushRequest {
  const value = parseJson(body, limits.jsonDepthMax);
  if (!isObject(value) || !Array.isArray(value.changes)) throw invalidJson('A push needs an array "changes".');
  if (value.changes.length > limits.pushChangesMax)
    throw new PylonError("PAYLOAD_TOO_LARGE", `A push takes at most ${limits.pushChangesMax} changes.`, 413);
  return { clientId: optionalText(value.client_id, "client_id"), changes: value.changes.map(changeOf) };
}

function changeOf(value: unknown, index: number): PushedChange {
  const at = `changes[${index}]`;
  if (!isObject(value)) throw invalidJson(`${at} is no object.`);
  const { entity, row_id: rowId, kind, data, op_id: opId } = value;
  if (typeof entity !== "string" || !isValidText(entity)) throw invalidJson(`${at}.entity is no text.`);
  if (typeof rowId !== "string" || !isValidText(rowId)) throw invalidJson(`${at}.row_id is no text.`);
  if (!isChangeKind(kind)) throw invalidJson(`${at}.kind is not insert, update or delete.`);
  if (data !== undefined && data !== null && !isObject(data)) throw invalidJson(`${at}.data is no object.`);
  return { entity, rowId, kind, data: data ?? null, opId: optionalText(opId, `${at}.op_id`) };
}

function optionalText(value: unknown, at: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || !isValidText(value)) throw invalidJson(`${at} is no text.`);
  return value;
}
