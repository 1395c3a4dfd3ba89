import type { IncomingHttpHeaders } from "node:http";

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
