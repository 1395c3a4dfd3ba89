import { PylonError } from "../kernel/errors.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON from outside. Nesting is counted before parsing, so that no recursive walk over the value can overflow the stack;
 * a key `__proto__` is refused, since it would replace a prototype where a member is copied by assignment. Throws 400 `INVALID_JSON`.
 */
export function parseJson(text: string, depthMax: number): unknown {
  if (depthOf(text, depthMax) > depthMax) throw invalidJson(`The JSON is nested deeper than ${depthMax} levels.`);
  try {
    return mayHoldProto(text) ? JSON.parse(text, refuseProto) : JSON.parse(text);
  } catch (error) {
    throw error instanceof PylonError ? error : invalidJson("Invalid JSON body");
  }
}

export const invalidJson = (message: string): PylonError => new PylonError("INVALID_JSON", message, 400);

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Deepest nesting of brackets outside strings; stops counting above `depthMax`. */
function depthOf(text: string, depthMax: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > depthMax) return deepest;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return deepest;
}

/** Index of the closing quote: `indexOf` skips long texts at the speed of memory. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = end - 1;
    while (text.charCodeAt(slashes) === BACKSLASH) slashes -= 1;
    if ((end - 1 - slashes) % 2 === 0) return end;
  }
  return text.length;
}

/** A reviver is slow, so only texts that spell the key, or could by an escape, are looked at with one. */
const mayHoldProto = (text: string): boolean => text.includes("__proto__") || /\\u005f/i.test(text);

function refuseProto(key: string, value: unknown): unknown {
  if (key === "__proto__") throw invalidJson('The key "__proto__" is not allowed.');
  return value;
}
