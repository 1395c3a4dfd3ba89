import { repeat, type Timers } from "../../kernel/clock.ts";
import type { Sessions } from "./sessions.ts";

const sweepMs = 60_000;

/** Removes expired sessions each minute until the function it gives is called; their sockets become anonymous. */
export const startSweeping = (sessions: Sessions, timers: Timers, report: (error: unknown) => void): (() => void) =>
  repeat(timers, sweepMs, () => sessions.sweep(), report);
