import type { Auth } from "../kernel/auth.ts";
import type { FeedEvent, Visibility } from "../log/ports.ts";
import { type VisibleChange, visibleChange } from "../log/visible.ts";
import { encodeChange } from "../protocol/wire.ts";
import { Frame } from "./frame.ts";

/** The event as this caller sees it, ready to send; null when it may not know of it. */
export function frameOf(event: FeedEvent, auth: Auth, visibility: Visibility): Frame | null | Promise<Frame | null> {
  const seen = visibleChange(event, auth, visibility);
  return seen instanceof Promise ? seen.then((change) => encode(event, change)) : encode(event, seen);
}

function encode({ seq, entity, rowId }: FeedEvent, change: VisibleChange | null): Frame | null {
  if (change === null) return null;
  return new Frame(encodeChange({ seq, entity, rowId, kind: change.kind, data: change.data, timestamp: "" }), seq);
}
