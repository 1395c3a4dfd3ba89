/** The app's files as text, read once each, with offsets and line numbers in both directions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Span } from "../ir/origin.ts";

export interface SourceText {
  readonly file: string;
  readonly text: string;
  offsetOf(line: number, column: number): number;
  span(start: number, end: number): Span;
}

/** Null when the file cannot be read. */
export type TextOf = (file: string) => SourceText | null;

export const textsOf = (appDir: string): TextOf => {
  const known = new Map<string, SourceText | null>();
  return (file) => {
    const have = known.get(file);
    if (have !== undefined) return have;
    const made = readText(appDir, file);
    known.set(file, made);
    return made;
  };
};

const readText = (appDir: string, file: string): SourceText | null => {
  try {
    return sourceText(file, readFileSync(join(appDir, file), "utf8"));
  } catch (error) {
    // A file that is gone since it was bundled, or a folder: there is nothing to point at.
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
};

export const sourceText = (file: string, text: string): SourceText => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const position = (offset: number): readonly [line: number, column: number] => {
    let low = 0;
    for (let high = starts.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return [low + 1, offset - (starts[low] ?? 0) + 1];
  };
  return {
    file,
    text,
    offsetOf: (line, column) => Math.min((starts[line - 1] ?? text.length) + column - 1, text.length),
    span: (start, end) => {
      const [line, column] = position(start);
      const [endLine, endColumn] = position(end);
      return { file, line, column, endLine, endColumn };
    },
  };
};
