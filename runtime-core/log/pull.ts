import type { Auth } from "../kernel/auth.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";
import { encodeChange } from "../protocol/wire.ts";
import type { Feed } from "./feed.ts";
import type { FeedEvent, SnapshotSource, Visibility } from "./ports.ts";
import { pullSnapshot, readSnapshotToken, type SnapshotPosition } from "./snapshot.ts";
import { visibleChange } from "./visible.ts";

/** Events looked at in one delta pull, in pages: one who sees few of them still gets on, and none holds the server for long. */
const scanPagesMax = 10;

export interface PullParts {
  readonly feed: Feed;
  readonly visibility: Visibility;
  readonly snapshot: SnapshotSource;
  readonly limits: Pick<Limits, "pullRowsMax">;
}

export interface PullRequest {
  readonly since: number;
  /** Changes in the answer at most, in 1 to `pullRowsMax`. */
  readonly limit: number;
  /** The caller shows that it can page a snapshot; any other gets it whole, since it would ask for its start for ever (B-OLDCLIENT). */
  readonly canPage: boolean;
  readonly after: SnapshotPosition | null;
  /** Epoch of the cursor; null when the caller names none, "" when it only wants to learn it. */
  readonly epoch: string | null;
}

/** Reads the query of H-SYNC-PULL. `since` and `limit` that are absent or no number fall back, as on the wire. */
export function readPull(search: string, limits: Pick<Limits, "pullRowsMax">): PullRequest {
  const query = new URLSearchParams(search);
  const limit = whole(query.get("limit"));
  const token = query.get("snapshot_after");
  const since = whole(query.get("since"));
  return {
    since,
    limit: limit === 0 ? limits.pullRowsMax : Math.min(limit, limits.pullRowsMax),
    canPage: token !== null || query.get("snapshot") === "1",
    after: token === null || since > 0 ? null : readSnapshotToken(token),
    epoch: query.get("epoch"),
  };
}

const whole = (text: string | null): number => (text !== null && /^\d+$/.test(text) ? Number(text) : 0);

/** JSON text of the answer. Throws 410 `RESYNC_REQUIRED` and 400 `SNAPSHOT_CURSOR_INVALID`. */
export async function pull(parts: PullParts, auth: Auth, request: PullRequest): Promise<string> {
  if (request.epoch !== null && request.epoch !== "" && request.epoch !== parts.feed.epoch && request.since > 0)
    throw await resyncRequired(parts.feed);
  return request.since === 0 ? pullSnapshot(parts, auth, request) : pullDelta(parts, auth, request);
}

/** R-PULL, delta: the cursor advances over events that stay hidden. */
async function pullDelta({ feed, visibility, limits }: PullParts, auth: Auth, request: PullRequest): Promise<string> {
  const changes: string[] = [];
  let last = request.since;
  if (last > feed.head()) throw await resyncRequired(feed);
  for (let pages = 0; pages < scanPagesMax && changes.length < request.limit && last < feed.head(); pages += 1) {
    const events = await feed.since(last, limits.pullRowsMax);
    // Dense numbers: anything else after the cursor means that what followed it is no longer kept.
    if (events[0]?.seq !== last + 1) throw await resyncRequired(feed);
    for (const event of events) {
      if (changes.length === request.limit) break;
      const text = await encodeFor(event, auth, visibility);
      if (text !== null) changes.push(text);
      last = event.seq;
    }
  }
  const epoch = request.epoch === null ? "" : `,"epoch":"${feed.epoch}"`;
  return `{"changes":[${changes.join(",")}],"cursor":{"last_seq":${last}${epoch}},"has_more":${last < feed.head()}}`;
}

async function encodeFor(event: FeedEvent, auth: Auth, visibility: Visibility): Promise<string | null> {
  const seen = visibleChange(event, auth, visibility);
  const change = seen instanceof Promise ? await seen : seen;
  if (change === null) return null;
  const { seq, entity, rowId } = event;
  const data = change.isGone ? null : change.data;
  return encodeChange({ seq, entity, rowId, kind: change.kind, data, timestamp: `${Math.floor(event.at / 1000)}Z` });
}

/** 410: the cursor is past the end, of another feed, or older than what is kept. */
export async function resyncRequired(feed: Feed): Promise<PylonError> {
  return new PylonError("RESYNC_REQUIRED", "The cursor is not in this feed. Drop the replica and pull from 0.", 410, {
    extra: { oldest_seq: await feed.oldest() },
  });
}
