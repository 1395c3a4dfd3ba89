import pc from "picocolors";
import type { ReportOptions } from "../diagnostics/report.ts";
import type { Io } from "./io.ts";

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * The two ways that a command speaks. In text, results go to stdout and the rest to stderr; with `--json`, stdout is NDJSON that ends
 * in one object with `code`, and nothing is said twice.
 */
export interface Printer {
  readonly json: boolean;
  readonly colors: Colors;
  /** The form that diagnostics take. */
  readonly report: ReportOptions;
  /** A result for people. */
  result(line: string): void;
  /** A remark for people. */
  note(line: string): void;
  /** An object of NDJSON: a diagnostic, an event. */
  record(value: Readonly<Record<string, unknown>>): void;
  /** Lines of a report, already in the form of `report`. */
  reported(lines: readonly string[]): void;
  /** The last object of NDJSON: `CODEGEN` with ok gives `{"code":"CODEGEN_OK",…}`. */
  finish(verb: string, ok: boolean, value?: Readonly<Record<string, unknown>>): void;
}

export function createPrinter(io: Io, json: boolean): Printer {
  const color = !json && io.errIsTty && wantsColor(io.env);
  const github = io.env.GITHUB_ACTIONS === "true";
  const print = (value: Readonly<Record<string, unknown>>): void => (json ? io.out(JSON.stringify(value)) : undefined);
  return {
    json,
    colors: pc.createColors(!json && io.outIsTty && wantsColor(io.env)),
    report: { color, format: json ? "json" : github ? "github" : "text" },
    result: (line) => (json ? undefined : io.out(line)),
    note: (line) => (json ? undefined : io.err(line)),
    record: print,
    reported: (lines) => {
      for (const line of lines) (json ? io.out : io.err)(line);
    },
    finish: (verb, ok, value = {}) => print({ code: `${verb}_${ok ? "OK" : "FAILED"}`, ...value }),
  };
}

/** https://no-color.org */
function wantsColor(env: Io["env"]): boolean {
  return (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}

export const count = (n: number, word: string, words = `${word}s`): string => `${n} ${n === 1 ? word : words}`;

export const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;
