import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Timers } from "../kernel/timers.ts";
import type { Frame } from "../live/frame.ts";
import type { Sink } from "../live/subscriber.ts";
import { corkForTurn, drained } from "./writable-sink.ts";

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
