import type { Auth } from "../kernel/auth.ts";
import type { FeedEvent, Visibility } from "../log/ports.ts";
import { type VisibleChange, visibleChange } from "../log/visible.ts";
import { encodeChange } from "../protocol/wire.ts";

/** A message on its way to any number of clients. Each wire form is made once, when the first of them needs it. */
export class Frame {
  readonly text: string;
  /** Number of the event, or null for what is no event. */
  readonly seq: number | null;
  #bytes: Buffer | null = null;
  #eventStream: Buffer | null = null;

  constructor(text: string, seq: number | null = null) {
    this.text = text;
    this.seq = seq;
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.text);
    return this.#bytes;
  }

  /** SSE form; the `id` lets a client resume (B-WS-QUERY). A line break inside JSON is white space, and would end the event. */
  get eventStream(): Buffer {
    const id = this.seq === null ? "" : `id: ${this.seq}\n`;
    this.#eventStream ??= Buffer.from(`${id}data: ${this.text.replace(/[\r\n]+/g, " ")}\n\n`);
    return this.#eventStream;
  }
}

/** The event as this caller sees it, ready to send; null when it may not know of it. */
export function frameOf(event: FeedEvent, auth: Auth, visibility: Visibility): Frame | null | Promise<Frame | null> {
  const seen = visibleChange(event, auth, visibility);
  return seen instanceof Promise ? seen.then((change) => encode(event, change)) : encode(event, seen);
}

function encode({ seq, entity, rowId }: FeedEvent, change: VisibleChange | null): Frame | null {
  if (change === null) return null;
  return new Frame(encodeChange({ seq, entity, rowId, kind: change.kind, data: change.data, timestamp: "" }), seq);
}
