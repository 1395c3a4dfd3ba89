import { EnvironmentError } from "../environment-error.ts";
import { toolchainVersion } from "../toolchain.ts";
import { readArgs, readCompat, UsageError } from "./args.ts";
import type { ExitCode, Io } from "./io.ts";
import { createPrinter } from "./print.ts";
import { processIo } from "./process-io.ts";
import { COMMANDS } from "./table.ts";

/** Runs the command line of this process and ends it. */
export async function main(words: readonly string[]): Promise<never> {
  const code = await run(words, processIo());
  // Not left to the event loop: esbuild's service would keep it for a moment.
  process.exit(code);
}

/** Runs one command line. Never throws for a mistake of the user's. */
export async function run(words: readonly string[], io: Io): Promise<ExitCode> {
  const print = createPrinter(io, words.includes("--json"));
  try {
    return await dispatch(words, io);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof EnvironmentError)) throw error;
    const isUsage = error instanceof UsageError;
    print.note(`pylon: ${error.message}`);
    if (error.hint !== undefined) print.note(error.hint);
    print.finish(isUsage ? "USAGE" : "ENVIRONMENT", false, {
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
    return isUsage ? 2 : 3;
  }
}

async function dispatch(words: readonly string[], io: Io): Promise<ExitCode> {
  const [verb, ...rest] = words;
  const json = words.includes("--json");
  if (verb === undefined || ["--json", "--help", "-h", "help"].includes(verb)) {
    say(io, json, "HELP", { help: overview() });
    return verb === undefined ? 2 : 0;
  }
  if (verb === "--version" || verb === "version") {
    say(io, json, "VERSION", { version: toolchainVersion() });
    return 0;
  }
  const entry = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (entry === undefined) throw await unknownVerb(verb);
  const command = await entry.load();
  const args = readArgs(rest, command.options, command.positionalsMax);
  if (args.flag("help")) {
    say(io, json, "HELP", { help: `${command.help}\n${COMMON_HELP}` });
    return 0;
  }
  readCompat(args); // A wrong value is a mistake for each command, also for those that do not ask.
  return command.run({ args, io, print: createPrinter(io, args.flag("json")) });
}

/** A text that is the whole result. */
function say(io: Io, json: boolean, verb: string, value: Readonly<Record<string, string>>): void {
  io.out(json ? JSON.stringify({ code: `${verb}_OK`, ...value }) : Object.values(value).join("\n"));
}

async function unknownVerb(verb: string): Promise<UsageError> {
  const { didYouMean } = await import("../diagnostics/suggest.ts");
  return new UsageError(`no command \`${verb}\``, didYouMean(verb, Object.keys(COMMANDS)) ?? "pylon --help lists them");
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return ["pylon turns app.ts into a server", "", ...lines, "", "pylon COMMAND --help says more"].join("\n");
}

const COMMON_HELP = `
  --json           NDJSON on stdout, ending in an object with "code"
  --strict         warnings are errors
  --compat MODE    0.3, 0.11 or off, instead of what the app says
exit codes: 0 good, 1 the check failed or the app has errors, 2 wrong usage, 3 environment`;
