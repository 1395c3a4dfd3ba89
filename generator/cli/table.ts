import type { Command } from "./command.ts";

interface Entry {
  readonly summary: string;
  /** Loaded when asked for: an unchanged codegen must not pay for the other commands. */
  readonly load: () => Promise<Command>;
}

export const COMMANDS: Readonly<Record<string, Entry>> = {
  dev: {
    summary: "watch, generate, serve and restart",
    load: async () => (await import("./dev.ts")).dev,
  },
  codegen: {
    summary: "write _generated/ and dist/ (--check: only say what is out of date)",
    load: async () => (await import("./codegen.ts")).codegen,
  },
  check: {
    summary: "report problems; write nothing",
    load: async () => (await import("./check.ts")).check,
  },
  start: {
    summary: "run dist/server.js for production",
    load: async () => (await import("./start.ts")).start,
  },
  policy: {
    summary: "policy test: try a rule on a caller and a row",
    load: async () => (await import("./policy.ts")).policy,
  },
  explain: {
    summary: "what a code of a message means and how to put it right",
    load: async () => (await import("./explain.ts")).explain,
  },
};
