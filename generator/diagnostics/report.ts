import pc from "picocolors";
import type { Located } from "../1-load/result.ts";
import type { Origin, Span } from "../ir/origin.ts";
import { byCodeUnit } from "../text/order.ts";
import { codeFrame, type Mark } from "./code-frame.ts";
import { codeEntry } from "./codes.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { printable } from "./text-width.ts";

export type LocateOrigin = (origin: Origin) => Located | null;
/** The text of a file that a span names (relative to the app folder). */
export type ReadSource = (file: string) => string;

export interface ReportOptions {
  readonly color: boolean;
  /** `github`: workflow annotations, as when GITHUB_ACTIONS is set. */
  readonly format: "text" | "json" | "github";
}

type Placed = { readonly diagnostic: Diagnostic; readonly where: Located | null };
type Colors = ReturnType<typeof pc.createColors>;

/** Lines to print: frames, NDJSON or annotations, sorted, each problem once. */
export function formatDiagnostics(
  list: readonly Diagnostic[],
  locate: LocateOrigin,
  readSource: ReadSource,
  options: ReportOptions,
): string[] {
  const placed = place(list, locate);
  if (options.format === "json")
    return placed.map((p) => JSON.stringify(diagnosticJson(p.diagnostic, p.where, locate)));
  if (options.format === "github") return placed.map(annotation);
  const colors = pc.createColors(options.color);
  const seen = new Map<string, Set<number>>();
  return placed.flatMap((p, index) => [
    ...(index === 0 ? [] : [""]),
    ...draw(p, locate, readSource, colors, seen, index === 0),
  ]);
}

/** By file, line and column; what has no place comes first, since it is about the whole app. Repeats are dropped. */
export function sortDiagnostics(list: readonly Diagnostic[], locate: LocateOrigin): Diagnostic[] {
  return place(list, locate).map((p) => p.diagnostic);
}

/** `✗ 2 errors, 1 warning in app.ts · nothing written · 131 ms`; `outcome` is left out when empty. */
export function summaryLine(
  list: readonly Diagnostic[],
  file: string,
  outcome: string,
  ms: number,
  color: boolean,
): string {
  const colors = pc.createColors(color);
  const errors = list.filter((d) => d.severity === "error").length;
  const warnings = list.filter((d) => d.severity === "warning").length;
  const counts = [plural(errors, "error"), plural(warnings, "warning")].filter((text) => text !== "");
  const sign = errors > 0 ? colors.red("✗") : warnings > 0 ? colors.yellow("!") : colors.green("✓");
  const problems = counts.length === 0 ? "no problems" : `${counts.join(", ")} in ${file}`;
  return [`${sign} ${problems}`, ...(outcome === "" ? [] : [outcome]), `${Math.round(ms)} ms`].join(" · ");
}

const plural = (n: number, word: string): string => (n === 0 ? "" : `${n} ${word}${n === 1 ? "" : "s"}`);

function place(list: readonly Diagnostic[], locate: LocateOrigin): Placed[] {
  const placed = list.map((diagnostic) => ({ diagnostic, where: locate(diagnostic.at) }));
  placed.sort((a, b) => compareSpans(a.where?.span, b.where?.span));
  const seen = new Set<string>();
  return placed.filter(({ diagnostic, where }) => {
    const key = JSON.stringify([diagnostic.code, diagnostic.message, where?.span ?? diagnostic.at]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function compareSpans(a: Span | undefined, b: Span | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  return byCodeUnit(a.file, b.file) || a.line - b.line || a.column - b.column;
}

const placeText = (span: Span): string => `${span.file}:${span.line}:${span.column}`;

const COLOR: Record<Severity, (colors: Colors) => (text: string) => string> = {
  error: (c) => c.red,
  warning: (c) => c.yellow,
  info: (c) => c.cyan,
};

function draw(
  { diagnostic: d, where }: Placed,
  locate: LocateOrigin,
  readSource: ReadSource,
  colors: Colors,
  seen: Map<string, Set<number>>,
  isFirst: boolean,
): string[] {
  const tint = COLOR[d.severity](colors);
  const lines = [`${tint(colors.bold(`${d.severity}[${d.code}]`))} ${colors.bold(shown(d.message))}`];
  const related = (d.related ?? []).map((r) => ({ message: r.message, span: locate(r.at)?.span ?? null }));
  // Labels of the same file are drawn in one frame; a related place without words is what the hint speaks of.
  const inFrame = related.filter((r) => r.message !== "" && r.span?.file === where?.span.file);
  const apart = related.filter((r) => r.message !== "" && r.span?.file !== where?.span.file);
  let gutter = 2;
  if (where !== null) {
    const marks = frameMarks(where.span, d.label, inFrame);
    gutter = Math.max(2, String(Math.max(...marks.map((m) => m.span.line))).length);
    const made = where.madeIn === undefined ? "" : colors.dim(` (made in ${where.madeIn.file}:${where.madeIn.line})`);
    lines.push(`${colors.dim(`${" ".repeat(gutter)} ╭─`)} ${placeText(where.span)}${made}`);
    const drawn = seen.get(where.span.file) ?? new Set<number>();
    seen.set(where.span.file, drawn);
    lines.push(...codeFrame(readSource(where.span.file), marks, gutter, drawn, { mark: tint, dim: colors.dim }));
  }
  const indent = " ".repeat(gutter + 1);
  for (const r of apart)
    lines.push(`${indent}${colors.dim("├─")} ${r.message}${r.span === null ? "" : ` (${placeText(r.span)})`}`);
  const hint = d.hint ?? (d.label === undefined ? adviceOf(d) : undefined);
  if (hint !== undefined)
    lines.push(
      `${indent}${colors.dim("╰─")} ${withPlace(shown(hint), related.find((r) => r.message === "")?.span ?? null)}`,
    );
  // Said once a run: the reader then knows the command.
  if (isFirst) lines.push(`${indent}${colors.dim(`next: pylon explain ${d.code}`)}`);
  return lines;
}

/** A message may quote a name from app.ts, which must not move the cursor; what was thrown there may have several lines. */
const shown = (text: string): string => text.split("\n").map(printable).join("\n");

/** What the table says to do; about a mere note there is nothing to be done. */
const adviceOf = (d: Diagnostic): string | undefined => (d.severity === "info" ? undefined : codeEntry(d.code).advice);

/** Something declared once and listed twice has one place: two labels on it would say nothing. */
function frameMarks(
  span: Span,
  label: string | undefined,
  related: readonly { message: string; span: Span | null }[],
): Mark[] {
  const places = related.flatMap((r) => (r.span === null ? [] : [{ span: r.span, label: r.message }]));
  if (places.some((p) => p.span.line === span.line && p.span.column === span.column)) return [{ span }];
  return [{ span, ...(label === undefined ? {} : { label }) }, ...places];
}

/** "did you mean `userId`?" with the place of `userId` put after its name. */
const withPlace = (hint: string, span: Span | null): string =>
  span === null ? hint : hint.replace(/`[^`]*`/, (name) => `${name} (${placeText(span)})`);

/** The JSON form of experience 3: `severity code message hint? label? span? madeIn? related?`. */
export function diagnosticJson(d: Diagnostic, where: Located | null, locate: LocateOrigin): Record<string, unknown> {
  const related = (d.related ?? []).map((r) => {
    const span = locate(r.at)?.span;
    return { message: r.message, ...(span === undefined ? {} : { span }) };
  });
  const hint = d.hint ?? adviceOf(d);
  return {
    severity: d.severity,
    code: d.code,
    message: d.message,
    ...(hint === undefined ? {} : { hint }),
    ...(d.label === undefined ? {} : { label: d.label }),
    ...(where === null ? {} : { span: where.span }),
    ...(where?.madeIn === undefined ? {} : { madeIn: where.madeIn }),
    ...(related.length === 0 ? {} : { related }),
  };
}

const ANNOTATION: Record<Severity, string> = { error: "error", warning: "warning", info: "notice" };

/** GitHub reads `%`, CR and LF in data, and `,` and `:` in properties, as its own syntax. */
const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

function annotation({ diagnostic: d, where }: Placed): string {
  const at = where?.span;
  const place =
    at === undefined
      ? []
      : [
          `file=${property(at.file)}`,
          `line=${at.line}`,
          `col=${at.column}`,
          `endLine=${at.endLine}`,
          `endColumn=${at.endColumn}`,
        ];
  const hint = d.hint ?? adviceOf(d);
  return `::${ANNOTATION[d.severity]} ${[...place, `title=${d.code}`].join(",")}::${data(hint === undefined ? d.message : `${d.message}\n${hint}`)}`;
}
