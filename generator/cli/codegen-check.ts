import { type Cause, compareGenerated, compareList, type Difference, unifiedDiff } from "../5-write/compare.ts";
import { FILES_LIST } from "../5-write/paths.ts";
import { emit, understand } from "../pipeline.ts";
import { toolchainVersion } from "../toolchain.ts";
import { type AccessChange, reviewAccess } from "./access-review.ts";
import type { AppPlace } from "./app-file.ts";
import { readCompat, UsageError } from "./args.ts";
import { reviewClients } from "./client-review.ts";
import type { Context } from "./command.ts";
import { committedIr } from "./committed-ir.ts";
import type { ExitCode } from "./io.ts";
import { count, milliseconds, type Printer } from "./print.ts";
import { problemLines } from "./report.ts";

const DIFF_LINES_MAX = 200;
const REASONS = ["stale", "widened", "changed", "breaking"] as const;
type Reason = (typeof REASONS)[number];

/** What codegen would change, and for whom. Writes nothing. */
export async function codegenCheck({ args, io, print }: Context, app: AppPlace): Promise<ExitCode> {
  const gates = readGates(args.text("fail-on"));
  const model = await understand({
    appFile: app.file,
    env: io.env,
    compat: readCompat(args),
    strict: args.flag("strict"),
  });
  const problems = { appDir: app.dir, diagnostics: model.diagnostics, locate: model.loaded.locate };
  print.reported(problemLines(problems, print.report));
  const files = emit(model);
  if (files === null || model.ir === null) {
    print.note("✗ the app has errors · nothing compared");
    print.finish("CODEGEN_CHECK", false);
    return 1;
  }
  const toolchain = toolchainVersion();
  const differences = compareGenerated(app.dir, files, toolchain);
  const list = compareList(app.dir, files, toolchain);
  const isStale = differences.length > 0 || list !== null;
  const committed = committedIr(app.dir, model.loaded, model.ir.compat);
  const access = committed === null ? [] : reviewAccess(committed, model.ir);
  const breaks = committed === null ? [] : reviewClients(committed, model.ir);

  if (differences.length > 0) await sayStale(print, differences, files.length, args.flag("stat"), args.flag("full"));
  else if (list !== null) sayNames(print, "files.json only", [{ path: FILES_LIST, cause: list }]);
  sayAccess(print, access);
  sayBreaks(print, breaks);
  const found = new Set<Reason>([
    ...(isStale ? (["stale"] as const) : []),
    ...access.flatMap(({ change }) => (change === "narrowed" ? [] : [change])),
    ...(breaks.length > 0 ? (["breaking"] as const) : []),
  ]);
  const failing = gates.filter((gate) => found.has(gate));
  if (failing.length > 0) print.result(`\nrun \`pylon codegen\` and commit · exit 1`);
  else if (found.size === 0)
    print.result(`✓ _generated is up to date, ${count(files.length, "file")} · ${milliseconds(io.elapsedMs())}`);
  else print.result(`✓ nothing that --fail-on names · ${milliseconds(io.elapsedMs())}`);
  print.finish("CODEGEN_CHECK", failing.length === 0, { stale: differences.length, found: [...found] });
  return failing.length === 0 ? 0 : 1;
}

/** Without `--fail-on`, what is out of date fails; a change of rights is out of date too, so it needs no gate of its own. */
function readGates(text: string | undefined): readonly Reason[] {
  if (text === undefined) return ["stale"];
  return text.split(",").map((word) => {
    const found = REASONS.find((reason) => reason === word.trim());
    if (found === undefined) throw new UsageError(`--fail-on takes ${REASONS.join(", ")}, not \`${word}\``);
    return found;
  });
}

const ADVICE: Readonly<Record<Cause, string>> = {
  stale: "out of date",
  toolchain: "written by another version of pylon",
  edited: "edited by hand: put custom code in functions/",
};

async function sayStale(
  print: Printer,
  differences: readonly Difference[],
  total: number,
  onlyNames: boolean,
  whole: boolean,
): Promise<void> {
  const { bold, red, green, cyan } = print.colors;
  sayNames(print, `${differences.length} of ${count(total, "file")}`, differences);
  if (onlyNames || print.json) return;
  const lines = await unifiedDiff(differences);
  const shown = whole ? lines : lines.slice(0, DIFF_LINES_MAX);
  const tint = (line: string): string => {
    if (line.startsWith("---") || line.startsWith("+++")) return bold(line);
    if (line.startsWith("@@")) return cyan(line);
    return line.startsWith("-") ? red(line) : line.startsWith("+") ? green(line) : line;
  };
  print.result("");
  for (const line of shown) print.result(tint(line));
  if (shown.length < lines.length) print.result(`… ${lines.length - shown.length} more lines: --full`);
}

function sayNames(print: Printer, which: string, differences: readonly Pick<Difference, "path" | "cause">[]): void {
  for (const { path, cause } of differences) print.record({ file: path, cause });
  print.result(`${print.colors.red("✗")} _generated is out of date (${which})\n`);
  for (const { path, cause } of differences) print.result(`  ${path}  ${ADVICE[cause]}`);
}

function sayAccess(print: Printer, changes: readonly AccessChange[]): void {
  if (changes.length === 0) return;
  print.result("\naccess review");
  for (const { change, subject, before, after } of changes) {
    print.record({ access: change, subject, before, after });
    const word = change === "changed" ? "CHANGED, not decided" : change.toUpperCase();
    print.result(`  ${word} ${subject}: ${before} → ${after}`);
  }
}

function sayBreaks(print: Printer, breaks: readonly string[]): void {
  if (breaks.length === 0) return;
  print.result("\nclients");
  for (const what of breaks) {
    print.record({ breaks: what });
    print.result(`  BREAKS  ${what}`);
  }
}
