import { parseDatetime } from "../kernel/datetime.ts";
import { compareText } from "../kernel/text.ts";
import { PylonClientError } from "./errors.ts";

/**
 * Filters hold only what the server's lists also do, with the same meaning: all conditions must hold; a field that is null matches
 * none, `$not` included; text is compared by code point, datetimes as instants; `$like` finds a part of the text, without regard to
 * the case of ASCII letters; `$in: []` matches nothing.
 */
export type TextFilter<T extends string = string> =
  | T
  | { $gt?: T; $gte?: T; $lt?: T; $lte?: T; $in?: readonly T[]; $not?: T; $like?: string };
export type NumberFilter =
  | number
  | { $gt?: number; $gte?: number; $lt?: number; $lte?: number; $in?: readonly number[]; $not?: number };
export type BoolFilter = boolean | { $in?: readonly boolean[]; $not?: boolean };
/** RFC 3339, in any offset. */
export type DateFilter =
  | string
  | { $gt?: string; $gte?: string; $lt?: string; $lte?: string; $in?: readonly string[]; $not?: string };
/** Null comes last in ascending order. */
export type Direction = "asc" | "desc";

/** `orderBy`: the first key counts most; equal rows, and lists without it, are in the order of their ids. */
export interface Query<Where = object, Order = object> {
  readonly where?: Where;
  readonly orderBy?: Order;
  readonly limit?: number;
}

export interface Row {
  readonly id: string;
}

type Scalar = string | number | boolean;
type Test = (value: Scalar) => boolean;
type Fields = Readonly<Record<string, unknown>>;

/** The query as a function from an entity's rows to the list. Throws `INVALID_QUERY` for an operator that nobody knows. */
export function compileQuery<R extends Row>(query: Query, datetimes: readonly string[]): (rows: Iterable<R>) => R[] {
  const read = (row: object, field: string): Scalar | null => {
    const value = (row as Fields)[field];
    return value === null || value === undefined ? null : comparable(value as Scalar, datetimes.includes(field));
  };
  const tests = Object.entries(query.where ?? {}).flatMap(([field, condition]) =>
    condition === undefined
      ? []
      : [{ field, holds: testsOf(field, condition as Scalar | Fields, datetimes.includes(field)) }],
  );
  const order = Object.entries(query.orderBy ?? {}).filter(([, direction]) => direction !== undefined);
  return (rows) => {
    const found: R[] = [];
    for (const row of rows) {
      const fits = tests.every(({ field, holds }) => {
        const value = read(row, field);
        return value !== null && holds.every((test) => test(value));
      });
      if (fits) found.push(row);
    }
    found.sort((a, b) => {
      for (const [field, direction] of order) {
        const way = compare(read(a, field), read(b, field));
        if (way !== 0) return direction === "desc" ? -way : way;
      }
      return compareText(a.id, b.id);
    });
    return query.limit === undefined ? found : found.slice(0, query.limit);
  };
}

/** Datetimes are printed with and without milliseconds, so their text does not sort by time. */
const comparable = (value: Scalar, isDatetime: boolean): Scalar =>
  isDatetime && typeof value === "string" ? (parseDatetime(value) ?? value) : value;

function testsOf(field: string, condition: Scalar | Fields, isDatetime: boolean): Test[] {
  const want = (value: unknown) => comparable(value as Scalar, isDatetime);
  if (typeof condition !== "object" || condition === null) return [equals(want(condition))];
  return Object.entries(condition)
    .filter(([, operand]) => operand !== undefined)
    .map(([operator, operand]): Test => {
      switch (operator) {
        case "$gt":
          return (value) => compare(value, want(operand)) > 0;
        case "$gte":
          return (value) => compare(value, want(operand)) >= 0;
        case "$lt":
          return (value) => compare(value, want(operand)) < 0;
        case "$lte":
          return (value) => compare(value, want(operand)) <= 0;
        case "$not":
          return (value) => value !== want(operand);
        case "$in": {
          const members = new Set((operand as readonly unknown[]).map(want));
          return (value) => members.has(value);
        }
        case "$like": {
          const part = asciiLower(String(operand));
          return (value) => asciiLower(String(value)).includes(part);
        }
        default:
          throw new PylonClientError("INVALID_QUERY", `${field}: there is no operator ${operator}.`);
      }
    });
}

const equals =
  (wanted: Scalar): Test =>
  (value) =>
    value === wanted;

const asciiLower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

function compare(a: Scalar | null, b: Scalar | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return typeof a === "string" && typeof b === "string" ? compareText(a, b) : Number(a) - Number(b);
}
