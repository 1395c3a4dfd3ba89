import type { IncomingHttpHeaders } from "node:http";
import { PylonError } from "../kernel/errors.ts";

/** The page that sent a request: `Origin`, else the origin part of `Referer`; null for a caller that is no browser. */
export function originOfRequest(headers: IncomingHttpHeaders): string | null {
  if (headers.origin !== undefined) return headers.origin;
  if (headers.referer === undefined) return null;
  return URL.canParse(headers.referer) ? new URL(headers.referer).origin : "null";
}

/** The server's own page: the browser sends the same host in both headers, and a foreign page cannot change either. */
export function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
export const isLoopback = (origin: string): boolean => LOOPBACK.test(origin);

/**
 * CORS headers of every answer (H-CORS): the configured origin, never the caller's. Null: same origin only, so none but `Vary`.
 * `*` (dev mode) goes without credentials, which browsers would refuse with it.
 */
export function corsHeaders(origin: string | null): readonly string[] {
  if (origin === null) return ["Vary", "Origin"];
  return [
    "Access-Control-Allow-Origin",
    origin,
    ...(origin === "*" ? [] : ["Access-Control-Allow-Credentials", "true"]),
    "Access-Control-Allow-Methods",
    "GET, POST, PATCH, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers",
    "Content-Type, Authorization, Idempotency-Key",
    "Access-Control-Expose-Headers",
    "X-Pylon-Change-Seq, X-Pylon-Truncated",
    "Vary",
    "Origin",
  ];
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** H-CSRF: a write without a bearer token must come from an allowed page, or from no page at all. Throws 403 `CSRF_REJECTED`. */
export function refuseForgery(method: string, headers: IncomingHttpHeaders, allowed: ReadonlySet<string>): void {
  if (SAFE_METHODS.has(method) || isBearer(headers.authorization)) return;
  const origin = originOfRequest(headers);
  if (origin === null || allowed.has(origin) || isSameOrigin(origin, headers.host) || isLoopback(origin)) return;
  throw new PylonError("CSRF_REJECTED", "This origin may not write.", 403, {
    hint: "Add it to PYLON_CSRF_ORIGINS or auth.trustedOrigins.",
  });
}

/** A page cannot make a browser send this header to another origin unless CORS allows it. */
const isBearer = (authorization: string | undefined): boolean =>
  authorization !== undefined && /^bearer /i.test(authorization);
