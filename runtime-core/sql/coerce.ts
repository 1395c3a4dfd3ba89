/**
 * The loose values of the policy language (dsl 2.4), once: JavaScript predicates call these functions, SQLite has them
 * registered under their SQL names, and `POSTGRES_FUNCTIONS` gives the same answers there.
 */
import { parseDatetime } from "../kernel/datetime.ts";
import { compareText } from "../kernel/text.ts";

/** What a policy compares. Objects, arrays and missing values are null. */
export type Scalar = string | number | boolean | null;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)(?:inf|infinity)$/i;
// The White_Space of Unicode; JavaScript's trim() also takes U+FEFF and leaves U+0085.
const SPACE = "[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const OUTER_SPACE = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/** A string or number as a double: `" 1e3 "` is 1000, `"inf"` infinite; null for all else, NaN included (it equals nothing). */
export function pylonNum(value: Scalar): number | null {
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value !== "string") return null;
  const text = value.replace(OUTER_SPACE, "");
  if (NUMBER.test(text)) return Number(text);
  const infinite = INFINITE.exec(text);
  return infinite === null ? null : infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The scalar at a dotted path of own keys in a JSON value; objects, arrays and what is not there are null. */
export function pylonJson(value: unknown, path: string): Scalar {
  let current = value;
  for (const key of path === "" ? [] : path.split(".")) {
    if (typeof current !== "object" || current === null || Array.isArray(current) || !Object.hasOwn(current, key))
      return null;
    current = (current as Record<string, unknown>)[key];
  }
  return typeof current === "string" || typeof current === "number" || typeof current === "boolean" ? current : null;
}

/** `==`: null only with null, bool only with bool, numerically when either side is a number. */
export function pylonEqual(a: Scalar, b: Scalar): boolean {
  if (typeof a === "number" || typeof b === "number") {
    const left = pylonNum(a);
    return left !== null && left === pylonNum(b);
  }
  return a === b;
}

/** `<`; with the sides exchanged `>`. Null, bool and what does not parse are in no order. */
export const pylonLess = (a: Scalar, b: Scalar): boolean => (pylonOrder(a, b) ?? 0) < 0;

/** `<=`. */
export const pylonAtMost = (a: Scalar, b: Scalar): boolean => (pylonOrder(a, b) ?? 1) <= 0;

/** A bare value as a condition. */
export const pylonTruthy = (value: Scalar): boolean => value !== null && value !== false && value !== 0 && value !== "";

function pylonOrder(a: Scalar, b: Scalar): number | null {
  if (typeof a === "number" || typeof b === "number") {
    const left = pylonNum(a);
    const right = pylonNum(b);
    return left === null || right === null ? null : left < right ? -1 : left > right ? 1 : 0;
  }
  if (typeof a !== "string" || typeof b !== "string") return null;
  const left = parseDatetime(a);
  const right = left === null ? null : parseDatetime(b);
  return left !== null && right !== null ? compareText(left, right) : compareText(a, b);
}

/** A value that a function of the database takes or gives. */
export type SqlScalar = string | number | null;

export interface SqlFunction {
  readonly name: string;
  readonly arity: number;
  readonly fn: (...args: SqlScalar[]) => SqlScalar;
}

/**
 * Registered by the SQLite adapter, as deterministic. The loose comparisons take JSON text, because `1`, `"1"` and `true` differ
 * there; NULL is null.
 */
export const SQL_FUNCTIONS: readonly SqlFunction[] = [
  { name: "pylon_num", arity: 1, fn: (value = null) => pylonNum(value) },
  { name: "pylon_scalar", arity: 1, fn: (value = null) => toText(value) },
  { name: "pylon_json", arity: 2, fn: (json = null, path = "") => toText(pylonJson(parsed(json), String(path))) },
  { name: "pylon_truthy", arity: 1, fn: (value = null) => Number(pylonTruthy(fromText(value))) },
  { name: "pylon_equal", arity: 2, fn: (a = null, b = null) => Number(pylonEqual(fromText(a), fromText(b))) },
  { name: "pylon_less", arity: 2, fn: (a = null, b = null) => Number(pylonLess(fromText(a), fromText(b))) },
  { name: "pylon_at_most", arity: 2, fn: (a = null, b = null) => Number(pylonAtMost(fromText(a), fromText(b))) },
];

const parsed = (json: SqlScalar): unknown => (typeof json === "string" ? JSON.parse(json) : json);

const fromText = (json: SqlScalar): Scalar => pylonJson(parsed(json), "");

const toText = (value: Scalar): string | null => (value === null ? null : JSON.stringify(value));
