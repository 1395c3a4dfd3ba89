import type { ServerResponse } from "node:http";
import type { Timers } from "../kernel/clock.ts";
import { PylonError } from "../kernel/errors.ts";
import type { FanOut } from "../live/fan-out.ts";
import type { Frame } from "../live/frame.ts";
import type { Sink } from "../live/groups.ts";
import type { InFlight } from "./admission.ts";
import { overloaded } from "./errors.ts";
import type { Call, Credentials } from "./ports.ts";
import { corkForTurn, drained } from "./sinks.ts";
import { streamCredentials } from "./upgrades.ts";

export const EVENTS_PATH = "/events";

const keepaliveMs = 30_000;

export interface EventStreams {
  /** Who opens a stream: header, `?token=` or cookie. */
  credentials(call: Pick<Call, "header" | "search">): Credentials;
  /** Answers with a stream of changes (R-SSE). Throws 401 `AUTH_REQUIRED`, 503 `OVERLOADED`. */
  open(call: Call, response: ServerResponse, headers: readonly string[]): void;
  close(): void;
}

export interface StreamOptions {
  readonly fanOut: FanOut;
  /** Open sockets and streams together. */
  readonly open: InFlight;
  readonly timers: Timers;
}

/** Server-sent events: the same changes as on a socket, for callers that are known. */
export function createEventStreams({ fanOut, open, timers }: StreamOptions): EventStreams {
  const responses = new Set<ServerResponse>();
  let cancel = timers.after(keepaliveMs, keepAlive);

  function keepAlive(): void {
    for (const response of responses) if (!response.writableNeedDrain) response.write(": keepalive\n\n");
    cancel = timers.after(keepaliveMs, keepAlive);
  }

  return {
    credentials: (call) =>
      streamCredentials({ authorization: call.header("authorization"), cookie: call.header("cookie") }, call.search),

    open(call, response, headers) {
      if (call.auth.userId === null) throw new PylonError("AUTH_REQUIRED", "A stream needs a signed-in caller.", 401);
      if (!open.enter(call.remote)) throw overloaded("Too many open streams.");
      responses.add(response);
      response.writeHead(200, ["Content-Type", "text/event-stream", "Cache-Control", "no-store", ...headers]);
      response.write(": connected\n\n");
      const subscriber = fanOut.join(new StreamSink(response), call.auth);
      response.once("close", () => {
        responses.delete(response);
        fanOut.leave(subscriber);
        open.leave(call.remote);
      });
      const since = call.header("last-event-id") ?? new URLSearchParams(call.search).get("since");
      if (since !== null && /^\d{1,16}$/.test(since)) void fanOut.resume(subscriber, Number(since));
    },

    close() {
      cancel();
      for (const response of responses) response.end();
    },
  };
}

/** A stream as the fan-out sees it. */
class StreamSink implements Sink {
  readonly acceptsAnonymous = false;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  send(frame: Frame): void {
    if (this.#response.writableEnded) return;
    corkForTurn(this.#response);
    this.#response.write(frame.eventStream);
  }

  queuedBytes(): number {
    return this.#response.writableLength;
  }

  drained(): Promise<void> {
    return drained(this.#response);
  }

  close(): void {
    this.#response.end();
  }
}
