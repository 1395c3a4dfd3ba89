import type { IncomingMessage } from "node:http";
import type { Auth } from "../kernel/auth.ts";
import type { Clock } from "../kernel/clock.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";

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

/** How many of something are open, in all and by address. */
export class InFlight {
  readonly #totalMax: number;
  readonly #perAddressMax: number;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(totalMax: number, perAddressMax: number) {
    this.#totalMax = totalMax;
    this.#perAddressMax = perAddressMax;
  }

  get total(): number {
    return this.#total;
  }

  /** False: no room. True must be followed by one `leave`. */
  enter(address: string): boolean {
    const own = this.#byAddress.get(address) ?? 0;
    if (this.#total >= this.#totalMax || own >= this.#perAddressMax) return false;
    this.#total += 1;
    this.#byAddress.set(address, own + 1);
    return true;
  }

  leave(address: string): void {
    this.#total -= 1;
    const own = (this.#byAddress.get(address) ?? 1) - 1;
    if (own === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, own);
  }
}

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
