import type { Feed } from "../log/feed.ts";
import type { Visibility } from "../log/ports.ts";
import { encodeResync } from "../protocol/socket.ts";
import { Frame, frameOf } from "./frame.ts";
import type { Subscriber } from "./groups.ts";

/** Events read at a time: a replay of many shares the server with everyone else, and waits for its client in between. */
const replayEventsMax = 100;

export interface ReplayParts {
  readonly feed: Feed;
  readonly visibility: Visibility;
  readonly report: (error: unknown) => void;
}

/**
 * Sends the events after `since` until the head is reached, then lets the fan-out go on (B-WS-QUERY). The step from one to the other
 * has no await in it, so nothing can be committed in between. One replay at a time; a second request is ignored.
 */
export async function replay(
  parts: ReplayParts,
  subscriber: Subscriber,
  since: number,
  deliver: (frame: Frame) => void,
): Promise<void> {
  if (subscriber.isReplaying) return;
  subscriber.isReplaying = true;
  try {
    if (await replayFrom(parts, subscriber, since, deliver)) return;
  } catch (error) {
    parts.report(error);
  }
  goLive(subscriber, parts.feed.head());
  deliver(new Frame(encodeResync()));
}

function goLive(subscriber: Subscriber, after: number): void {
  subscriber.liveAfter = after;
  subscriber.isReplaying = false;
}

/** False: the cursor is past the end, or events after it are no longer kept. */
async function replayFrom(
  { feed, visibility }: ReplayParts,
  subscriber: Subscriber,
  since: number,
  deliver: (frame: Frame) => void,
): Promise<boolean> {
  let cursor = since;
  if (cursor > feed.head()) return false;
  while (subscriber.isOpen && cursor < feed.head()) {
    const events = await feed.since(cursor, replayEventsMax);
    if (events[0]?.seq !== cursor + 1) return false;
    for (const event of events) {
      const { auth } = subscriber;
      const seen = frameOf(event, auth, visibility);
      const frame = seen instanceof Promise ? await seen : seen;
      // What was judged for an identity that the session has lost is not sent: this event is judged again.
      if (subscriber.auth !== auth) break;
      if (frame !== null) deliver(frame);
      cursor = event.seq;
    }
    await subscriber.sink.drained();
  }
  goLive(subscriber, cursor);
  return true;
}
