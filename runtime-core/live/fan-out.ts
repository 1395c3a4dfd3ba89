import type { Auth } from "../kernel/auth.ts";
import type { Timers } from "../kernel/clock.ts";
import type { Limits } from "../kernel/limits.ts";
import type { Feed } from "../log/feed.ts";
import type { FeedEvent, Visibility } from "../log/ports.ts";
import { CLOSE_TOO_SLOW, encodeResync, encodeSessionChanged } from "../protocol/socket.ts";
import { Frame, frameOf } from "./frame.ts";
import type { Sink, Subscriber } from "./groups.ts";
import { type Group, Groups } from "./groups.ts";
import { replay } from "./replay.ts";

export interface FanOutParts {
  readonly feed: Feed;
  readonly visibility: Visibility;
  readonly limits: Pick<Limits, "socketQueueBytesMax">;
  readonly timers: Timers;
  /** A throw of the generated program's rules: a bug, for the log. */
  readonly report: (error: unknown) => void;
}

const RESYNC = new Frame(encodeResync());

/**
 * Hands committed events to sockets and streams, in the order of the feed, filtered by R-POL. Work starts after the turn of the commit,
 * so that answers leave first and a group of writes is sent as one batch.
 */
export class FanOut {
  readonly #parts: FanOutParts;
  readonly #groups: Groups;
  readonly #queue: FeedEvent[] = [];
  readonly #unsubscribe: () => void;
  #isRunning = false;

  constructor(parts: FanOutParts) {
    this.#parts = parts;
    this.#groups = new Groups(parts.visibility);
    this.#unsubscribe = parts.feed.onCommitted((event) => this.#take(event));
  }

  get size(): number {
    return this.#groups.all.size;
  }

  /** Live from the event after the present head; say so to the client before anything else is done. */
  join(sink: Sink, auth: Auth): Subscriber {
    const liveAfter = this.#parts.feed.head();
    const subscriber: Subscriber = { sink, auth, liveAfter, isReplaying: false, isOpen: true };
    this.#groups.add(subscriber);
    return subscriber;
  }

  leave(subscriber: Subscriber): void {
    if (!subscriber.isOpen) return;
    subscriber.isOpen = false;
    this.#groups.delete(subscriber);
  }

  /** Sends what was committed after `since`, then goes on live without a gap; a cursor that is not in the feed gets a resync. */
  resume(subscriber: Subscriber, since: number): Promise<void> {
    return replay(this.#parts, subscriber, since, (frame) => this.deliver(subscriber, frame));
  }

  /** Sends within the byte budget; who is over it is told to resync and closed, so a slow reader holds no memory. */
  deliver(subscriber: Subscriber, frame: Frame): void {
    if (!subscriber.isOpen) return;
    const { sink } = subscriber;
    if (sink.queuedBytes() + frame.bytes.length <= this.#parts.limits.socketQueueBytesMax) {
      sink.send(frame);
      return;
    }
    this.leave(subscriber);
    sink.send(RESYNC);
    sink.close(CLOSE_TOO_SLOW);
  }

  /**
   * Gives the sockets of one session its new identity, at once: nothing that only the old one may see is sent after this returns
   * (B-LOGOUT, B-TENSESSION). Other sessions of the user are left alone.
   */
  sessionChanged(sessionId: string, auth: Auth): void {
    const frame = new Frame(encodeSessionChanged(auth.tenantId));
    for (const subscriber of [...this.#groups.all]) {
      if (subscriber.auth.sessionId !== sessionId) continue;
      this.#groups.delete(subscriber);
      subscriber.auth = auth;
      this.#groups.add(subscriber);
      this.deliver(subscriber, frame);
      if (auth.userId !== null || subscriber.sink.acceptsAnonymous) continue;
      this.leave(subscriber);
      subscriber.sink.close(1000);
    }
  }

  /** Sessions that hold a socket or stream, for the sweep of expired ones. */
  sessionIds(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const { auth } of this.#groups.all) if (auth.sessionId !== null) ids.add(auth.sessionId);
    return ids;
  }

  close(): void {
    this.#unsubscribe();
    this.#queue.length = 0;
  }

  #take(event: FeedEvent): void {
    if (this.#groups.all.size === 0 && !this.#isRunning) return;
    this.#queue.push(event);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#parts.timers.afterTurn(() => void this.#run());
  }

  async #run(): Promise<void> {
    const affected = new Set<string>();
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
      for (const entity of this.#parts.visibility.affectedBy(event.entity)) affected.add(entity);
      try {
        await this.#spread(event);
      } catch (error) {
        // Who missed the event cannot be told from who may not see it, so everyone starts over.
        this.#parts.report(error);
        this.#toAll(RESYNC);
      }
    }
    this.#isRunning = false;
    if (affected.size > 0) this.#toAll(new Frame(encodeResync([...affected])));
  }

  async #spread(event: FeedEvent): Promise<void> {
    const frames = new Map<Group, Frame | null>();
    // A rule that asks the database takes a while, in which a session may change groups: the sets are read when all is known.
    for (let waited = true; waited; ) {
      waited = false;
      for (const group of this.#groups.of(event.entity)) {
        if (frames.has(group)) continue;
        const frame = frameOf(event, group.auth, this.#parts.visibility);
        waited ||= frame instanceof Promise;
        frames.set(group, frame instanceof Promise ? await frame : frame);
      }
    }
    for (const [{ members }, frame] of frames) {
      if (frame === null) continue;
      for (const member of members) {
        if (!member.isReplaying && event.seq > member.liveAfter) this.deliver(member, frame);
      }
    }
  }

  #toAll(frame: Frame): void {
    for (const subscriber of this.#groups.all) this.deliver(subscriber, frame);
  }
}
