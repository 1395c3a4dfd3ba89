import type { Auth } from "../kernel/auth.ts";
import type { Clock } from "../kernel/clock.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";

/** Throws 429 `RATE_LIMITED` with the seconds to wait. */
export type RateLimit = (auth: Auth, address: string) => void;

/**
 * Counts requests in windows of fixed length: by user for signed-in callers, else by address, so that neither uses up the other's
 * share. Guests count by address, since anyone can be any number of them. The admin is never counted (http 12, 18).
 */
export function createRateLimit(
  limits: Pick<Limits, "requestsPerWindowMax" | "requestsPerWindowAuthedMax" | "rateWindowSecs">,
  clock: Clock,
): RateLimit {
  const windowMs = limits.rateWindowSecs * 1000;
  const counts = new Map<string, number>();
  let endsAt = clock.monotonic() + windowMs;

  return (auth, address) => {
    if (auth.isAdmin) return;
    const now = clock.monotonic();
    if (now >= endsAt) {
      counts.clear();
      endsAt = now + windowMs;
    }
    const isUser = auth.userId !== null && !auth.isGuest;
    const key = isUser ? `user ${auth.userId}` : address;
    const count = (counts.get(key) ?? 0) + 1;
    if (count > (isUser ? limits.requestsPerWindowAuthedMax : limits.requestsPerWindowMax))
      throw new PylonError("RATE_LIMITED", "Too many requests.", 429, {
        retryAfterSecs: Math.max(1, Math.ceil((endsAt - now) / 1000)),
      });
    counts.set(key, count);
  };
}
