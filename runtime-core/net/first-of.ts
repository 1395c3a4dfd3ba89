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
