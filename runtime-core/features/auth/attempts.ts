import type { Clock } from "../../kernel/clock.ts";
import { PylonError } from "../../kernel/errors.ts";

/** Keys counted at one time; the oldest window gives way, so a flood of addresses costs memory only up to here. */
const keysMax = 20_000;

/** Counts one attempt for the key; throws 429 `RATE_LIMITED` when its window is used up. */
export type Attempts = (key: string) => void;

/** At most `max` attempts per key and window. `what` names them in the answer: "login attempts". */
export function countAttempts(clock: Clock, what: string, max: number, windowSecs: number): Attempts {
  // Windows are equally long, so the order of insertion is the order of expiry.
  const windows = new Map<string, { used: number; readonly endsAt: number }>();
  return (key) => {
    const now = clock.monotonic();
    for (const [oldest, window] of windows) {
      if (window.endsAt > now && windows.size <= keysMax) break;
      windows.delete(oldest);
    }
    const window = windows.get(key);
    if (window === undefined) {
      windows.set(key, { used: 1, endsAt: now + windowSecs * 1000 });
      return;
    }
    if (window.used >= max) {
      const wait = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
      throw new PylonError("RATE_LIMITED", `Too many ${what}`, 429, {
        hint: `Try again in ${wait}s`,
        retryAfterSecs: wait,
      });
    }
    window.used += 1;
  };
}
