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

/** Timers come in through the door (architecture D24). Each call gives the function that cancels it. */
export interface Timers {
  /** After `ms` milliseconds. Such a timer never keeps the process alive; the listening socket does. */
  after(ms: number, act: () => void): () => void;
  /** When everything that is ready now (promise jobs included) has run: `setImmediate`. Keeps the process alive. */
  afterTurn(act: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, act) {
    const timer = setTimeout(act, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  afterTurn(act) {
    const immediate = setImmediate(act);
    return () => clearImmediate(immediate);
  },
};

/**
 * Does `work` again and again, `ms` milliseconds after its last end, until the function that this gives is called. A throw is
 * reported, and does not end the repetition.
 */
export function repeat(
  timers: Timers,
  ms: number,
  work: () => Promise<unknown>,
  report: (error: unknown) => void,
): () => void {
  let stopped = false;
  let cancel = timers.after(ms, turn);
  function turn(): void {
    void work()
      .catch(report)
      .finally(() => {
        if (!stopped) cancel = timers.after(ms, turn);
      });
  }
  return () => {
    stopped = true;
    cancel();
  };
}
