/**
 * Codecs of field values between JSON and rows (D21, http 1.7): what is stored is exact, so 1.5 is no int and any text is no
 * datetime. Each takes the value and the field's name for the message; null and absent are the caller's to judge.
 */
import { parseDatetime } from "../kernel/datetime.ts";
import { PylonError } from "../kernel/errors.ts";
import { isRowId } from "../kernel/ids.ts";
import { isValidText } from "../kernel/text.ts";
import { invalidValue, missing, wrongType } from "./refusing.ts";

/** A body's members by name: plain data without a prototype's. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function textOf(value: unknown, field: string): string {
  if (typeof value !== "string") throw wrongType(field, "string", value);
  if (!isValidText(value))
    throw new PylonError("INVALID_TEXT", `field ${field}: U+0000 and lone surrogates are not text`, 400);
  return value;
}

export function intOf(value: unknown, field: string): number {
  if (typeof value !== "number") throw wrongType(field, "number", value);
  if (!Number.isSafeInteger(value))
    throw invalidValue(`field ${field}: an int is a whole number within ±(2^53-1), not ${value}`);
  return value;
}

export function floatOf(value: unknown, field: string): number {
  if (typeof value !== "number") throw wrongType(field, "number", value);
  if (!Number.isFinite(value)) throw invalidValue(`field ${field}: a float is finite`);
  return value;
}

export function boolOf(value: unknown, field: string): boolean {
  if (typeof value !== "boolean") throw wrongType(field, "boolean", value);
  return value;
}

/** RFC 3339 in, canonical UTC text out. */
export function datetimeFrom(value: unknown, field: string): string {
  if (typeof value !== "string") throw wrongType(field, "string", value);
  const canonical = parseDatetime(value);
  if (canonical === null)
    throw invalidValue(`field ${field}: a datetime is RFC 3339 with an offset, like 2026-01-31T12:00:00Z`);
  return canonical;
}

export function oneOf<const T extends string>(value: unknown, field: string, values: readonly T[]): T {
  const text = textOf(value, field);
  const found = values.find((candidate) => candidate === text);
  if (found === undefined) throw invalidValue(`field ${field}: must be one of ${values.join(", ")}`);
  return found;
}

// `JSON.stringify` escapes what is no text: a `\u0000` or lone surrogate that no further backslash escapes.
const ESCAPED = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** A JSON value, checked to be storable as text. Strings inside it obey the rule for text. */
export function jsonOf(value: unknown, field: string): unknown {
  const text = JSON.stringify(value);
  if (!isValidText(text) || ESCAPED.test(text))
    throw new PylonError("INVALID_TEXT", `field ${field}: U+0000 and lone surrogates are not text`, 400);
  return value;
}

/** `size` finite numbers, stored as JSON text. */
export function vectorOf(value: unknown, field: string, size: number): readonly number[] {
  if (!Array.isArray(value) || value.length !== size || !value.every((item) => Number.isFinite(item)))
    throw invalidValue(`field ${field}: a vector of ${size} finite numbers`);
  return value;
}

/** The id that a client gives to a new row (H-ENT-INSERT). */
export function clientId(value: unknown): string {
  if (!isRowId(value)) throw new PylonError("INVALID_ID", "id must be 40 lower-case hex digits", 400);
  return value;
}

export const bit = (value: boolean | null): 0 | 1 | null => (value === null ? null : value ? 1 : 0);
export const flag = (bit: number | null): boolean | null => (bit === null ? null : bit !== 0);
export const saveJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
export const loadJson = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

/** The member of a body, never one that objects inherit (a field may be called `constructor`). */
export const own = (body: JsonObject, name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined);

type Read<T> = (value: unknown, field: string) => T;

/** A required column of a new row; absent and null are `INSERT_FAILED`. */
export function given<T>(value: unknown, read: Read<T>, entity: string, field: string): T {
  if (value === undefined || value === null) throw missing("INSERT_FAILED", `${entity}.${field}`);
  return read(value, field);
}

/** A required column after a patch: absent stays as stored, null is `UPDATE_FAILED`. */
export function kept<T>(value: unknown, stored: T, read: Read<T>, entity: string, field: string): T {
  if (value === undefined) return stored;
  if (value === null) throw missing("UPDATE_FAILED", `${entity}.${field}`);
  return read(value, field);
}

/** An optional column of a new row: absent and null are null. */
export const orNull = <T>(value: unknown, read: Read<T>, field: string): T | null =>
  value === undefined || value === null ? null : read(value, field);

/** An optional column after a patch: absent stays as stored, null clears. */
export const keptOrNull = <T>(value: unknown, stored: T | null, read: Read<T>, field: string): T | null =>
  value === undefined ? stored : orNull(value, read, field);
