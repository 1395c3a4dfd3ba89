import { PylonError } from "../kernel/errors.ts";
import { isObject } from "../protocol/json.ts";

/** Where a paged snapshot goes on. Members as on the wire: last row id, entity, rows so far, anchor; `p` is the epoch. */
export interface SnapshotPosition {
  readonly a: string;
  readonly e: string;
  readonly n: number;
  readonly s: number;
  readonly p: string;
}

/** URL-encoded already: clients send it back verbatim (R-PULL). */
export const encodeSnapshotToken = (position: SnapshotPosition): string => encodeURIComponent(JSON.stringify(position));

/** Reads a token after the query was percent-decoded once, so one that was encoded twice is refused. Throws 400. */
export function readSnapshotToken(text: string): SnapshotPosition {
  const value = parse(text);
  if (!isObject(value)) throw invalidSnapshotToken();
  const { a, e, n, s, p } = value;
  if (typeof a !== "string" || typeof e !== "string" || typeof p !== "string") throw invalidSnapshotToken();
  if (!isCount(n) || !isCount(s)) throw invalidSnapshotToken();
  return { a, e, n, s, p };
}

export const invalidSnapshotToken = (): PylonError =>
  new PylonError("SNAPSHOT_CURSOR_INVALID", "This snapshot cursor cannot be read. Pull from the start.", 400);

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidSnapshotToken();
  }
}
