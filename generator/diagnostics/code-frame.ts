import type { Span } from "../ir/origin.ts";
import { cells, printable } from "./text-width.ts";

/** A marked place of one file. Without a label nothing is drawn under it: its line alone says enough. */
export interface Mark {
  readonly span: Span;
  readonly label?: string;
}

export interface Paint {
  readonly mark: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Lines between two marks that are still printed; more are replaced by one `⋮`. */
const GAP_LINES_MAX = 2;

/**
 * The lines of a code frame: each marked line with its number, its marks underlined and labelled. The line before the first mark is
 * shown when it is a sibling (same indentation) and `seen` does not hold it yet; what is drawn is added to `seen`.
 */
export function codeFrame(
  source: string,
  marks: readonly Mark[],
  gutter: number,
  seen: Set<number>,
  paint: Paint,
): string[] {
  const lines = source.split(/\r\n|\n|\r/);
  const text = (n: number): string => lines[n - 1] ?? "";
  const marked = [...new Set(marks.map((mark) => mark.span.line))].sort((a, b) => a - b);
  const out: string[] = [];
  const put = (n: number): void => {
    seen.add(n);
    out.push(`${paint.dim(`${String(n).padStart(gutter)} │`)} ${printable(text(n))}`.trimEnd());
  };
  const first = marked[0];
  if (first === undefined) return out;
  if (first > 1 && !seen.has(first - 1) && isSibling(text(first - 1), text(first))) put(first - 1);
  let last = first;
  for (const line of marked) {
    if (line - last > GAP_LINES_MAX + 1) out.push(paint.dim(`${" ".repeat(gutter)} ⋮`));
    else for (let between = last + 1; between < line; between++) put(between);
    put(line);
    const pointer = `${paint.dim(`${" ".repeat(gutter)} ·`)} `;
    for (const row of labels(
      text(line),
      marks.filter((mark) => mark.span.line === line),
    ))
      out.push(pointer + paint.mark(row));
    last = line;
  }
  return out;
}

const indentation = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? "";
const isSibling = (before: string, line: string): boolean =>
  /\w/.test(before) && indentation(before) !== "" && indentation(before) === indentation(line);

/** One row of underlines, then the labels from right to left, each hanging from the middle of its underline. */
function labels(line: string, marks: readonly Mark[]): string[] {
  const drawn = marks
    .filter((mark) => mark.label !== undefined)
    .map((mark) => {
      const endColumn = mark.span.endLine === mark.span.line ? mark.span.endColumn : line.length + 1;
      const start = cells(line.slice(0, mark.span.column - 1));
      const width = Math.max(1, cells(line.slice(mark.span.column - 1, endColumn - 1)));
      return { start, width, stem: start + Math.floor((width - 1) / 2), label: mark.label ?? "" };
    })
    .sort((a, b) => a.start - b.start || a.width - b.width);
  if (drawn.length === 0) return [];
  let underline = "";
  for (const { start, width, stem } of drawn) {
    // Marks that overlap share what is left of the row; the stem of the later one still hangs from it.
    underline = underline.slice(0, start).padEnd(start);
    underline += `${"─".repeat(stem - start)}┬${"─".repeat(start + width - stem - 1)}`;
  }
  const rows = [underline];
  for (let i = drawn.length - 1; i >= 0; i--) {
    let row = "";
    for (const [j, mark] of drawn.entries()) if (j < i) row = `${row.padEnd(mark.stem)}│`;
    const own = drawn[i];
    if (own !== undefined) rows.push(`${row.slice(0, own.stem).padEnd(own.stem)}╰─ ${own.label}`);
  }
  return rows;
}
