import { propertyKey } from "../../text/ident.ts";
import { LINE_MAX } from "../../text/line-max.ts";
import { literal, stringLiteral, templateLiteral } from "../../text/literal.ts";

type List = readonly Plain[];
type Members = { readonly [key: string]: Plain };
export type Plain = string | number | boolean | List | Members;

/**
 * `value` as a TypeScript expression, broken into lines as the formatter would, in a line that is indented by `column` and has `used`
 * further characters. SQL keeps its quotes and its lines in a template literal.
 */
export function layout(value: Plain, column: number, used: number): string {
  const line = oneLine(value);
  const fits = column + used + line.length <= LINE_MAX && !line.includes("\n");
  if (typeof value !== "object" || (fits && !mustBreak(value))) return line;
  const pad = " ".repeat(column);
  const item = (head: string, of: Plain) => `${pad}  ${head}${layout(of, column + 2, head.length + 1)},\n`;
  if (isList(value)) return `[\n${value.map((of) => item("", of)).join("")}${pad}]`;
  const members = Object.entries(value).map(([key, of]) => item(`${propertyKey(key)}: `, of));
  return `{\n${members.join("")}${pad}}`;
}

function oneLine(value: Plain): string {
  if (typeof value === "string") return /["\n]/.test(value) ? templateLiteral(value) : stringLiteral(value);
  if (typeof value !== "object") return literal(value);
  if (isList(value)) return `[${value.map(oneLine).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, of]) => `${propertyKey(key)}: ${oneLine(of)}`)
    .join(", ")} }`;
}

const isList = (value: Plain): value is List => Array.isArray(value);

/** The formatter never puts two objects with several members on one line. */
const mustBreak = (value: List | Members): boolean =>
  isList(value) &&
  value.length > 1 &&
  value.every((item) => typeof item === "object" && !isList(item) && Object.keys(item).length > 1);
