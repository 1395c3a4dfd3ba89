import { type ParseArgsConfig, parseArgs } from "node:util";

export type Options = NonNullable<ParseArgsConfig["options"]>;

/** Options of every command. */
export const COMMON_OPTIONS = {
  json: { type: "boolean" },
  strict: { type: "boolean" },
  compat: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies Options;

export type CompatOption = "off" | "0.3" | "0.11";

export interface Args {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
}

/** A command line that cannot be meant: exit 2, with what to type instead. */
export class UsageError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}

/** Reads what follows the command. An expression such as `-1 == data.n` is passed after `--`. */
export function readArgs(words: readonly string[], options: Options, positionalsMax: number): Args {
  const { values, positionals } = parse(words, { ...COMMON_OPTIONS, ...options });
  const extra = positionals[positionalsMax];
  if (extra !== undefined) throw new UsageError(`unexpected argument \`${extra}\``);
  return {
    positionals,
    flag: (name) => values[name] === true,
    text: (name) => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
  };
}

function parse(words: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node explains `--` at length; its first sentence says what is wrong.
    throw new UsageError(error.message.split(". ")[0] ?? error.message);
  }
}

const COMPATS: readonly CompatOption[] = ["0.3", "0.11", "off"];

/** `--compat`, or null: the app decides. */
export function readCompat(args: Args): CompatOption | null {
  const text = args.text("compat");
  if (text === undefined) return null;
  const found = COMPATS.find((c) => c === text);
  if (found === undefined) throw new UsageError(`--compat is 0.3, 0.11 or off, not \`${text}\``);
  return found;
}

/** `--port`, or undefined. */
export function readPort(args: Args): number | undefined {
  const text = args.text("port");
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UsageError(`--port is 1 to 65535, not \`${text}\``);
  return port;
}
