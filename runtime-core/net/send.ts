import type { IncomingMessage, ServerResponse } from "node:http";
import type { Timers } from "../kernel/clock.ts";
import type { Reply } from "./ports.ts";

/** Name and value by turns, as `writeHead` takes them: it then neither builds an object nor looks names up. */
const SECURITY: readonly string[] = [
  "X-Content-Type-Options",
  "nosniff",
  "X-Frame-Options",
  "DENY",
  "X-XSS-Protection",
  "1; mode=block",
  "Referrer-Policy",
  "strict-origin-when-cross-origin",
  "Permissions-Policy",
  "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
];

/** Headers of every answer for one CORS header list (http 1.3), made once at start. */
export interface HeaderSets {
  /** JSON answers that name neither Content-Type nor Cache-Control. */
  readonly json: readonly string[];
  /** Answers that bring both themselves. */
  readonly own: readonly string[];
}

export function headerSets(cors: readonly string[]): HeaderSets {
  const own = [...SECURITY, ...cors];
  return { own, json: ["Content-Type", "application/json", "Cache-Control", "no-store", ...own] };
}

/**
 * The full header list of an answer. Most answers add nothing and share the constant part; one with a Content-Type or Cache-Control
 * of its own replaces ours.
 */
export function headersOf(sets: HeaderSets, extra: readonly string[] | undefined, length: number): string[] {
  const contentLength = String(length);
  if (extra === undefined || extra.length === 0) return ["Content-Length", contentLength, ...sets.json];
  const headers = ["Content-Length", contentLength, ...extra];
  if (!has(extra, "content-type")) headers.push("Content-Type", "application/json");
  if (!has(extra, "cache-control")) headers.push("Cache-Control", "no-store");
  headers.push(...sets.own);
  return headers;
}

function has(headers: readonly string[], name: string): boolean {
  for (let at = 0; at < headers.length; at += 2) if (headers[at]?.toLowerCase() === name) return true;
  return false;
}

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
