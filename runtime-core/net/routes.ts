import { type PullParts, pull, readPull } from "../log/pull.ts";
import { type PushParts, push } from "../log/push.ts";
import type { Call, Handler, Reply } from "./ports.ts";

/** Asks each handler in turn until one answers; synchronous as long as they are. */
export function firstOf(...handlers: readonly Handler[]): Handler {
  function ask(call: Call, from: number): ReturnType<Handler> {
    for (let at = from; at < handlers.length; at += 1) {
      const reply: Promise<Reply | null> | Reply | null = handlers[at]?.(call) ?? null;
      if (reply instanceof Promise) return reply.then((value) => value ?? ask(call, at + 1));
      if (reply !== null) return reply;
    }
    return null;
  }
  return (call) => ask(call, 0);
}

/** H-SYNC-PULL and H-SYNC-PUSH; null for all else. */
export const syncRoutes =
  (pulls: PullParts, pushes: PushParts): Handler =>
  async (call) => {
    if (call.path === "/api/sync/pull" && call.method === "GET")
      return { status: 200, body: await pull(pulls, call.auth, readPull(call.search, pulls.limits)) };
    if (call.path === "/api/sync/push" && call.method === "POST")
      return { status: 200, body: await push(pushes, call.auth, call.body) };
    return null;
  };
