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
