import { type PullParts, pull, readPull } from "../log/pull.ts";
import { type PushParts, push } from "../log/push.ts";
import type { Handler } from "./ports.ts";

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
