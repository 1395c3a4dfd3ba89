import type { Io } from "../../generator/cli/io.ts";
import { run } from "../../generator/cli/main.ts";

export interface Transcript {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs a command line in this process, with a clock that stands still, so that its words are the same each time. */
export async function runCli(words: readonly string[], cwd: string, more: Partial<Io> = {}): Promise<Transcript> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    cwd,
    env: {},
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    outIsTty: false,
    errIsTty: false,
    elapsedMs: () => 7,
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    stopSignal: () => new AbortController().signal,
    ask: async () => null,
    ...more,
  };
  return { code: await run(words, io), out, err };
}

/** As a reader of a terminal sees it; lines of stderr begin with `!`. */
export function printTranscript(line: string, { code, out, err }: Transcript): string {
  const marked = (lines: readonly string[], mark: string) =>
    lines.flatMap((text) => text.split("\n")).map((text) => `${mark}${text}`.trimEnd());
  return [`$ ${line}`, ...marked(err, "! "), ...marked(out, ""), `exit ${code}`, ""].join("\n");
}
