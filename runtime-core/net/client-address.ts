import type { IncomingMessage } from "node:http";

/**
 * The address that limits count against: the socket's, or behind `hops` proxies the entry of X-Forwarded-For that the outermost
 * trusted one wrote, the n-th from the right (http 1.6). What stands further left is the caller's own word.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
  const own = request.socket.remoteAddress ?? "";
  if (hops === 0) return own;
  const forwarded = request.headers["x-forwarded-for"];
  if (forwarded === undefined) return own;
  const entries = (typeof forwarded === "string" ? forwarded : forwarded.join(",")).split(",");
  return entries.at(-hops)?.trim() || own;
}
