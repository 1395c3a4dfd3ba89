import type { IncomingMessage, ServerResponse } from "node:http";
import type { Timers } from "../kernel/timers.ts";
import { type HeaderSets, headersOf } from "./headers.ts";
import type { Reply } from "./ports.ts";

/** Milliseconds that a caller gets to notice an answer that came before its body had been read. */
const lingerMs = 1_000;

/** One write an answer: head and body leave together, so no packet waits for another's acknowledgement. */
export function send(response: ServerResponse, sets: HeaderSets, reply: Reply): void {
  const { status, body, headers } = reply;
  if (status === 204 || status === 304) {
    response.writeHead(status, headers === undefined ? [...sets.own] : [...sets.own, ...headers]);
    response.end();
    return;
  }
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, headersOf(sets, headers, length));
  response.end(body);
}

/**
 * Reads away what is left of a body that was refused. Closing at once would reset the connection before the caller has read the
 * answer; waiting without end would let it send for ever.
 */
export function discardRest(request: IncomingMessage, timers: Timers): void {
  if (request.complete) return;
  request.resume();
  const { socket } = request;
  const cancel = timers.after(lingerMs, () => {
    if (!request.complete) socket.destroy();
  });
  request.once("end", cancel);
}
