import type { WireChange } from "../protocol/wire.ts";
import { backoffMs } from "./backoff.ts";
import type { Environment } from "./environment.ts";
import { asClientError, PylonClientError } from "./errors.ts";
import type { Http } from "./http.ts";
import { pull } from "./pull.ts";
import type { PushQueue } from "./push-queue.ts";
import type { Replica } from "./replica.ts";
import { identityOf, type SessionStore } from "./session.ts";
import { openSocket } from "./socket.ts";

export type SyncState = "idle" | "pulling" | "live" | "offline" | "closed";

/** Legal moves. `pulling` to itself: a new attempt takes the place of one that is under way. */
const MOVES: Readonly<Record<SyncState, readonly SyncState[]>> = {
  idle: ["pulling", "closed"],
  pulling: ["pulling", "live", "offline", "closed"],
  live: ["pulling", "offline", "closed"],
  offline: ["pulling", "closed"],
  closed: [],
};

/** A connection that lasted this long was a good one: the next failure is the first again. */
const STABLE_MS = 5_000;
/** An answered write whose event has not come by then is looked for by a pull: its row may be out of the caller's sight. */
const CONFIRM_MS = 1_000;
/** Events past a gap before a pull closes it. */
const AHEAD_PULL = 1_000;
/** Tries that a 429 counts as. */
const RATE_LIMIT_TRIES = 3;

export interface SyncParts {
  readonly env: Environment;
  readonly baseUrl: string;
  readonly reconnectMs: number;
  readonly http: Http;
  readonly replica: Replica;
  readonly queue: PushQueue;
  readonly session: SessionStore;
}

/** Keeps the replica equal to what the server lets this caller see: pull, then the socket, and again after every break. */
export class Sync {
  readonly #parts: SyncParts;
  readonly #listeners = new Set<() => void>();
  #state: SyncState = "idle";
  #attempt = new AbortController();
  #tries = 0;
  #identity: string | null = null;
  #cancelTimer: () => void = () => {};
  #catchingUp = false;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  readonly state = (): SyncState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#state === "idle") void this.#connect();
  }

  /** Begins anew, as whoever the token now names. */
  restart(): void {
    if (this.#state === "closed") return;
    this.#tries = 0;
    void this.#connect();
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#move("closed");
    this.#endAttempt();
    this.#parts.queue.rejectAll(new PylonClientError("CLOSED", "The client is closed."));
  }

  /** Sends queued writes, now if there is a connection, else after the next one. */
  async flush(): Promise<void> {
    this.start();
    if (this.#state !== "live") return;
    const { env, queue } = this.#parts;
    const { signal } = this.#attempt;
    if (!(await queue.flush())) {
      if (!signal.aborted) this.#fail(new PylonClientError("NETWORK", "The server cannot be reached."));
      return;
    }
    if (!signal.aborted && queue.hasUnconfirmed())
      env.after(CONFIRM_MS, () => void this.#catchUp(() => queue.hasUnconfirmed()));
  }

  async #connect(): Promise<void> {
    this.#endAttempt();
    this.#move("pulling");
    const { env, baseUrl, http, replica, session, queue } = this.#parts;
    const attempt = new AbortController();
    const { signal } = attempt;
    this.#attempt = attempt;
    try {
      const identity = identityOf(await session.refresh(http, signal));
      if (signal.aborted) return;
      if (this.#identity !== null && this.#identity !== identity) {
        queue.rejectAll(new PylonClientError("IDENTITY_CHANGED", "Somebody else has signed in."));
        replica.clear();
      }
      this.#identity = identity;
      await pull(http, replica, signal);
      if (signal.aborted) return;
      replica.setStatus({ ready: true, error: null });
      const events = {
        message: (message: Readonly<Record<string, unknown>>) => this.#take(message),
        closed: () => {
          if (!signal.aborted) this.#fail(new PylonClientError("NETWORK", "The connection was lost."));
        },
      };
      await openSocket(env, baseUrl, session.token(), events, signal);
      // What was written between the first pull and the opening of the socket.
      await pull(http, replica, signal);
      if (signal.aborted) return;
      this.#move("live");
      this.#cancelTimer = env.after(STABLE_MS, () => {
        this.#tries = 0;
      });
      void this.flush();
    } catch (thrown) {
      if (!signal.aborted) this.#fail(asClientError(thrown));
    }
  }

  #take(message: Readonly<Record<string, unknown>>): void {
    if (typeof message.seq === "number" && typeof message.kind === "string") {
      const { replica } = this.#parts;
      replica.live(message as unknown as WireChange);
      if (replica.cursor.ahead >= AHEAD_PULL) void this.#catchUp(() => true);
      return;
    }
    if (message.type === "session-changed") this.restart();
    else if (message.type === "resync") {
      this.#parts.replica.cursor.reset(0);
      this.restart();
    }
  }

  /** One pull beside the open socket. */
  async #catchUp(isNeeded: () => boolean): Promise<void> {
    const { http, replica } = this.#parts;
    if (this.#catchingUp || this.#state !== "live" || !isNeeded()) return;
    this.#catchingUp = true;
    const { signal } = this.#attempt;
    try {
      await pull(http, replica, signal);
    } catch (thrown) {
      if (!signal.aborted) this.#fail(asClientError(thrown));
    } finally {
      this.#catchingUp = false;
    }
  }

  #fail(error: PylonClientError): void {
    const { env, reconnectMs, replica } = this.#parts;
    this.#endAttempt();
    this.#move("offline");
    // Rows that are there stay good while the server is away; `state` tells that it is.
    if (!replica.status.ready) replica.setStatus({ ready: false, error });
    this.#tries += error.status === 429 ? RATE_LIMIT_TRIES : 1;
    this.#cancelTimer = env.after(backoffMs(this.#tries, reconnectMs, env.random), () => void this.#connect());
  }

  #endAttempt(): void {
    this.#cancelTimer();
    this.#attempt.abort();
  }

  #move(next: SyncState): void {
    if (!MOVES[this.#state].includes(next)) throw new PylonClientError("CLIENT_BUG", `${this.#state} to ${next}`);
    if (this.#state === next) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
