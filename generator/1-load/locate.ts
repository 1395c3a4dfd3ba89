/** Turns an origin into a place in the app's files, when a diagnostic is drawn and not before (D1). */
import type { Origin, Span } from "../ir/origin.ts";
import { callAt, findLiteral } from "./find-literal.ts";
import { findByName } from "./find-name.ts";
import type { Scanned } from "./literal-scan.ts";
import { builderKey, type OriginKey, parseKey } from "./origin-key.ts";
import type { Locate, Located } from "./result.ts";
import type { Frame, FramesOf } from "./source-map.ts";
import type { SourceText, TextOf } from "./texts.ts";

export interface LocateInput {
  /** Relative to the app folder. */
  readonly appFile: string;
  readonly positions: ReadonlyMap<string, string>;
  readonly framesOf: FramesOf;
  readonly textOf: TextOf;
}

export const createLocator =
  ({ appFile, positions, framesOf, textOf }: LocateInput): Locate =>
  (origin) => {
    const key = parseKey(origin.key);
    const fixed = key.kind === "file" || key.kind === "at" ? fixedPlace(key, origin, textOf) : null;
    if (fixed !== null) return fixed;
    const stack = positions.get(builderKey(key)) ?? positions.get(builderKey({ ...key, occurrence: 1 }));
    const frames = stack === undefined ? [] : framesOf(stack);
    const made = placed(frames[0], key, origin, textOf);
    const used = frames.length > 1 ? placed(frames.at(-1), { ...key, path: [] }, { key: origin.key }, textOf) : made;
    if (used !== null && made !== null) return sameLine(used, made) ? { span: used } : { span: used, madeIn: made };
    const app = textOf(appFile);
    return app === null ? null : byName(app, key, origin);
  };

const sameLine = (a: Span, b: Span): boolean => a.file === b.file && a.line === b.line;

/** `file:functions/x.ts`, and `at:lib/x.ts:3:5` of an error that was thrown there. */
const fixedPlace = ({ kind, owner }: OriginKey, { length = 0 }: Origin, textOf: TextOf): Located | null => {
  const [, file = owner, line = "1", column = "1"] = (kind === "at" && /^(.*):(\d+):(\d+)$/.exec(owner)) || [];
  const source = textOf(file);
  if (source === null) return null;
  const start = source.offsetOf(Number(line), Number(column));
  return { span: source.span(start, start + length) };
};

const placed = (frame: Frame | undefined, key: OriginKey, origin: Origin, textOf: TextOf): Span | null => {
  const source = frame && textOf(frame.file);
  if (!frame || !source) return null;
  const called = source.offsetOf(frame.line, frame.column);
  const literal = findLiteral(key, callAt(source.text, called));
  if (literal !== null) return spanOf(source, literal, origin);
  if (key.kind === "field" && key.member !== null) return fieldSpan(source, called, key.member);
  return source.span(...wordAt(source.text, called));
};

/** A string literal is cut to the part of its value that the origin names; of anything else, source text is cut. */
export const spanOf = (source: SourceText, literal: Scanned, { offset, length = 0 }: Origin): Span => {
  if (offset === undefined) return source.span(literal.start, literal.end);
  if (literal.kind !== "string") {
    const start = Math.min(literal.start + offset, literal.end);
    return source.span(start, Math.min(start + length, literal.end));
  }
  const { offsets, end } = literal;
  const at = (index: number): number => offsets[Math.min(index, offsets.length - 1)] ?? end - 1;
  return source.span(at(offset), at(offset + length));
};

/** Where a builder is the value of a property, the property's name is what people look for: `title: field.string()`. */
const fieldSpan = (source: SourceText, called: number, name: string): Span => {
  const before = source.text.slice(Math.max(0, called - 200), called);
  const key = /(["']?)([\p{ID_Start}$_][\p{ID_Continue}$]*)\1\s*:\s*(?:[\w$]+\s*\.\s*)*$/u.exec(before);
  if (key?.[2] !== name) return source.span(...wordAt(source.text, called));
  const start = called - (before.length - key.index);
  const quotes = key[1] === "" ? 0 : 2;
  return source.span(start, start + name.length + quotes);
};

const wordAt = (text: string, offset: number): readonly [start: number, end: number] => {
  const word = /[\w$]*/y;
  word.lastIndex = offset;
  const before = /(?:[\w$]+\.)*[\w$]*$/.exec(text.slice(Math.max(0, offset - 80), offset))?.[0].length ?? 0;
  return [offset - before, offset + (word.exec(text)?.[0].length ?? 0)];
};

/** What no builder made, such as a manifest written by hand, is found by its name. */
const byName = (app: SourceText, key: OriginKey, origin: Origin): Located => {
  const found = findByName(app.text, key);
  return { span: found === null ? app.span(0, 0) : spanOf(app, found, origin) };
};
