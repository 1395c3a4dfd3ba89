import { byCodeUnit } from "../text/order.ts";
import { CODES, codeEntry, isCodeName, RUNTIME_CODES, type RuntimeCodeEntry } from "./codes.ts";

/** docs/errors.md: every code that the toolchain or a running server says, in the order of the alphabet. */
export function errorsPage(): string {
  const compileTime = Object.keys(CODES).filter(isCodeName).sort(byCodeUnit).flatMap(compileTimeSection);
  const runTime = Object.entries<RuntimeCodeEntry>(RUNTIME_CODES)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([code, { status, text, advice }]) => `| \`${code}\` | ${status} | ${text} | ${advice} |`);
  const lines = [
    "# Errors",
    "",
    "Made from `generator/diagnostics/codes` by `npm run golden:update`. `pylon explain CODE` prints the same.",
    "",
    "## At compile time",
    "",
    ...compileTime,
    "## At run time",
    "",
    'Answers have the form `{"error": {"code": "…", "message": "…", "hint": "…"}}`.',
    "",
    "| Code | Status | Why | What to do |",
    "| --- | --- | --- | --- |",
    ...runTime,
  ];
  return `${lines.join("\n")}\n`;
}

function compileTimeSection(code: Parameters<typeof codeEntry>[0]): string[] {
  const { severity, title, text, advice, bad, good } = codeEntry(code);
  const example = ["```ts", "// ✗", bad, "// ✓", good, "```"];
  return [`### ${code}`, "", `*${severity}*: ${title}. ${text}`, "", `What to do: ${advice}.`, "", ...example, ""];
}
