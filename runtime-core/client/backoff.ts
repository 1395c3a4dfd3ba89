import type { Random } from "../kernel/ids.ts";

const DELAY_MS_MAX = 30_000;

/** Milliseconds before try number `tries` (from 1): full jitter, so that a thousand clients do not come back at one moment. */
export function backoffMs(tries: number, baseMs: number, random: Random): number {
  const [a = 0, b = 0] = random.bytes(2);
  return ((a * 256 + b) / 65_536) * Math.min(DELAY_MS_MAX, baseMs * 2 ** (tries - 1));
}
