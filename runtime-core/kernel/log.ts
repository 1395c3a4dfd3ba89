import type { Clock } from "./clock.ts";

export type LogLevel = "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One line an event. Fields never hold tokens, cookies, bodies or query strings. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** "json": an object a line, for collectors; "pretty": a short line for people. `write` gets the line with its newline. */
export function createLogger(format: "json" | "pretty", clock: Clock, write: (line: string) => void): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      const time = new Date(clock.now()).toISOString();
      if (format === "json") write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
      else write(`${time.slice(11, 19)} ${level === "info" ? "" : `${level} `}${message}${pretty(fields)}\n`);
    };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

const pretty = (fields: LogFields): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");

/** Fields that tell an unknown throw: its text and where it came from. */
export function thrownFields(thrown: unknown): { readonly error: string; readonly stack?: string | undefined } {
  if (!(thrown instanceof Error)) return { error: typeof thrown === "string" ? thrown : typeof thrown };
  return { error: thrown.message, stack: thrown.stack };
}
