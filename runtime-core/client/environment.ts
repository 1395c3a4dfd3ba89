import { type Clock, systemClock } from "../kernel/clock.ts";
import { type Random, systemRandom } from "../kernel/ids.ts";
import { type KeyValue, pageStorage } from "./storage.ts";

/** Runs `work` once after `ms` milliseconds, unless the returned function is called before. */
export type After = (ms: number, work: () => void) => () => void;

/** What the client needs of the world. Everything has the platform's own as default, and tests bring their own. */
export interface Environment {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly openSocket: (url: string, protocols: string[]) => WebSocket;
  readonly clock: Clock;
  readonly random: Random;
  readonly after: After;
  readonly storage: KeyValue;
}

export const platform = (): Environment => ({
  fetch: (url, init) => fetch(url, init),
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  clock: systemClock,
  random: systemRandom,
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  storage: pageStorage(),
});
