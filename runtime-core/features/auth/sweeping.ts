import type { Timers } from "../../kernel/clock.ts";
import type { Sessions } from "./sessions.ts";

const sweepMs = 60_000;

/** Removes expired sessions each minute until the function it gives is called; their sockets become anonymous. */
export function startSweeping(sessions: Sessions, timers: Timers, report: (error: unknown) => void): () => void {
  let cancel = timers.after(sweepMs, sweep);
  let stopped = false;
  function sweep(): void {
    sessions
      .sweep()
      .catch(report)
      .finally(() => {
        if (!stopped) cancel = timers.after(sweepMs, sweep);
      });
  }
  return () => {
    stopped = true;
    cancel();
  };
}
