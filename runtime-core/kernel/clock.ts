/** Time comes in through the door (architecture D24), so tests of expiry and ticks need no sleeping. */
export interface Clock {
  /** Milliseconds since the epoch; may jump. */
  now(): number;
  /** Monotonic milliseconds, for durations and deadlines. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
