import { propertyKey } from "./ident.ts";

/**
 * A TypeScript literal that evaluates to `value`: plain JSON-like data, undefined, and numbers that JSON has no word for. Object keys
 * keep their order. Throws on anything else, since an emitter that passes a function or a Map is broken.
 */
export function literal(value: unknown): string {
  switch (typeof value) {
    case "string":
      return stringLiteral(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : composite(value);
    default:
      throw new TypeError(`no literal for a ${typeof value}`);
  }
}

/** Double-quoted. Line separators and `</` are escaped, so the text may also stand in a script element. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text)
    .replace(/[\u2028\u2029\u007f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("</", "<\\/");
}

/** Between backticks, with its line ends as they are: for SQL, which has quotes of its own. */
export const templateLiteral = (text: string): string => `\`${text.replace(/[\\`]|\$\{/g, (part) => `\\${part}`)}\``;

function composite(value: object): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError("no literal for a class instance");
  const entries = Object.entries(value).map(([key, item]) => `${propertyKey(key)}: ${literal(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
