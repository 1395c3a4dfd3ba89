import { CODES, codeEntry, isCodeName, RUNTIME_CODES, type RuntimeCodeName } from "../diagnostics/codes.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { UsageError } from "./args.ts";
import type { Command } from "./command.ts";
import type { Printer } from "./print.ts";

export const explain: Command = {
  options: {},
  positionalsMax: 1,
  help: `pylon explain CODE

  what a code of a message or of an answer means, with a bad and a good example`,
  async run({ args, print }) {
    const given = args.positionals[0];
    if (given === undefined) throw new UsageError("no code", "pylon explain POLICY_UNKNOWN_FIELD");
    const code = given.toUpperCase();
    if (isCodeName(code)) {
      const entry = codeEntry(code);
      const { bold, red, green, dim } = print.colors;
      print.result(`${bold(code)} (${entry.severity}) ${entry.title}\n\n${entry.text}\n`);
      print.result(`${red("bad")}\n${indented(entry.bad)}\n\n${green("good")}\n${indented(entry.good)}\n`);
      print.result(`${dim("next:")} ${entry.advice}`);
      print.finish("EXPLAIN", true, { explains: code, ...entry });
      return 0;
    }
    if (isRuntimeCode(code)) {
      sayRuntime(code, print);
      return 0;
    }
    const names = [...Object.keys(CODES), ...Object.keys(RUNTIME_CODES)];
    throw new UsageError(`no code \`${given}\``, didYouMean(code, names) ?? "docs/errors.md lists them all");
  },
};

function sayRuntime(code: RuntimeCodeName, print: Printer): void {
  const { status, text, advice } = RUNTIME_CODES[code];
  print.result(`${print.colors.bold(code)} (answer ${status})\n\n${text}\n\n${print.colors.dim("next:")} ${advice}`);
  print.finish("EXPLAIN", true, { explains: code, status, text, advice });
}

const isRuntimeCode = (text: string): text is RuntimeCodeName => Object.hasOwn(RUNTIME_CODES, text);

const indented = (text: string): string => text.replace(/^/gm, "  ");
