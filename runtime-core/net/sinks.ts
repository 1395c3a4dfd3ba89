import type { Duplex, Writable } from "node:stream";
import type { WebSocket } from "ws";
import type { Timers } from "../kernel/clock.ts";
import type { Frame } from "../live/frame.ts";
import type { Sink } from "../live/groups.ts";

/** Resolves when the stream takes more, or never will. */
export function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.once("drain", done);
    stream.once("close", done);
  });
}

/** Holds what is written in this turn back and sends it as one packet. */
export function corkForTurn(stream: Writable): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Milliseconds that a client gets to answer a close. */
const closeMs = 2_000;
const TEXT = { binary: false, compress: false } as const;

/** A WebSocket as the fan-out sees it. */
export class SocketSink implements Sink {
  readonly acceptsAnonymous = true;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #timers: Timers;

  constructor(socket: WebSocket, stream: Duplex, timers: Timers) {
    this.#socket = socket;
    this.#stream = stream;
    this.#timers = timers;
  }

  send(frame: Frame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    corkForTurn(this.#stream);
    this.#socket.send(frame.bytes, TEXT);
  }

  queuedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  drained(): Promise<void> {
    return drained(this.#stream);
  }

  /** A client that does not read will not see the close frame either, so its queue is dropped after a moment. */
  close(code: number): void {
    this.#socket.close(code);
    const cancel = this.#timers.after(closeMs, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
  }
}
