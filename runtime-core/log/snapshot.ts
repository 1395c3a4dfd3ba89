import type { Auth } from "../kernel/auth.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";
import { isObject } from "../protocol/json.ts";
import { encodeChange } from "../protocol/wire.ts";
import type { Feed } from "./feed.ts";
import type { SnapshotSource } from "./ports.ts";

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

interface SnapshotParts {
  readonly feed: Feed;
  readonly snapshot: SnapshotSource;
  readonly limits: Pick<Limits, "pullRowsMax">;
}

interface SnapshotRequest {
  readonly limit: number;
  readonly canPage: boolean;
  readonly after: SnapshotPosition | null;
  readonly epoch: string | null;
}

/** Last row of a page. */
interface Place {
  readonly entity: string;
  readonly id: string;
}

/**
 * R-PULL from 0: every row that the caller may read, as an insert at the anchor. The anchor is the head before the first row was read,
 * so a delta pull from there covers whatever was written while the pages were fetched.
 */
export async function pullSnapshot(parts: SnapshotParts, auth: Auth, request: SnapshotRequest): Promise<string> {
  const { feed, snapshot, limits } = parts;
  const { after } = request;
  if (after !== null && (after.p !== feed.epoch || after.s > feed.head() || !snapshot.entities.includes(after.e)))
    throw invalidSnapshotToken();
  const anchor = after?.s ?? feed.head();
  const start = after === null ? null : { entity: after.e, id: after.a };
  const rowsMax = request.canPage ? request.limit : Number.POSITIVE_INFINITY;
  const { changes, next } = await readPage(snapshot, auth, anchor, start, rowsMax, limits.pullRowsMax);

  const position =
    next === null
      ? null
      : encodeSnapshotToken({
          a: next.id,
          e: next.entity,
          n: (after?.n ?? 0) + changes.length,
          s: anchor,
          p: feed.epoch,
        });
  const lastSeq = position === null ? anchor : 0;
  const epoch = request.epoch === null ? "" : `,"epoch":"${feed.epoch}"`;
  return `{"changes":[${changes.join(",")}],"cursor":{"last_seq":${lastSeq}${epoch}},"has_more":${position !== null},"snapshot_after":${JSON.stringify(position)}}`;
}

/** Rows after `start` in the order of the entities, at most `rowsMax`; `next` is the last of them when there are more. */
async function readPage(
  snapshot: SnapshotSource,
  auth: Auth,
  anchor: number,
  start: Place | null,
  rowsMax: number,
  readMax: number,
): Promise<{ readonly changes: readonly string[]; readonly next: Place | null }> {
  const changes: string[] = [];
  let place = start;
  const first = start === null ? 0 : snapshot.entities.indexOf(start.entity);
  for (const entity of snapshot.entities.slice(first)) {
    let after = place?.entity === entity ? place.id : "";
    for (;;) {
      // One row past the page tells whether there are more.
      const wanted = Math.min(readMax, rowsMax - changes.length + 1);
      const rows = await snapshot.rows(entity, auth, after, wanted);
      for (const { id, data } of rows) {
        if (changes.length === rowsMax) return { changes, next: place };
        changes.push(encodeChange({ seq: anchor, entity, rowId: id, kind: "insert", data, timestamp: "" }));
        place = { entity, id };
        after = id;
      }
      if (rows.length < wanted) break;
    }
  }
  return { changes, next: null };
}
