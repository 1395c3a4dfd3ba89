import type { Server } from "node:http";
import type { Timers } from "../kernel/clock.ts";
import type { Limits } from "../kernel/limits.ts";

/** What holds connections open for good: sockets and streams. */
export interface Drainable {
  /** Tells each client to come back later (1012) and closes it. */
  close(): void;
}

/**
 * Stops without losing what was promised: no new connections, sockets are sent away, calls under way are answered. Resolves when the
 * last connection is closed, at the latest after `drainSecs`.
 */
export function drain(
  servers: readonly Server[],
  drainables: readonly Drainable[],
  limits: Pick<Limits, "drainSecs">,
  timers: Timers,
): Promise<void> {
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  for (const drainable of drainables) drainable.close();
  for (const server of servers) server.closeIdleConnections();
  return new Promise((resolve) => {
    const cancel = timers.after(limits.drainSecs * 1000, () => {
      for (const server of servers) server.closeAllConnections();
      resolve();
    });
    void Promise.all(closed).then(() => {
      cancel();
      resolve();
    });
  });
}
