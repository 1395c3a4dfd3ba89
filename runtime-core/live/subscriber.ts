import type { Auth } from "../kernel/auth.ts";
import type { Frame } from "./frame.ts";

/** A client's connection, as `net` gives it. */
export interface Sink {
  /** A stream that only known callers may hold is closed when its session ends. */
  readonly acceptsAnonymous: boolean;
  send(frame: Frame): void;
  /** Bytes that the client has not taken yet. */
  queuedBytes(): number;
  /** Resolves when the queue has run empty enough to go on, or the connection is closed. */
  drained(): Promise<void>;
  close(code: number): void;
}

/** One socket or stream in the fan-out. */
export interface Subscriber {
  readonly sink: Sink;
  auth: Auth;
  /** Events up to this number are not for it: it pulled them, or its replay sent them. */
  liveAfter: number;
  isReplaying: boolean;
  isOpen: boolean;
}
