import { LINE_MAX } from "../../text/line-max.ts";

/** `head<A, B>` in a line that begins at `column` with `before` and ends with `after`: on one line if all of that fits. */
export function typeArguments(
  head: string,
  args: readonly string[],
  { column, before, after }: { readonly column: number; readonly before: string; readonly after: string },
): string {
  const line = `${head}<${args.join(", ")}>`;
  if (column + before.length + line.length + after.length <= LINE_MAX) return line;
  const pad = " ".repeat(column);
  return `${head}<\n${args.map((arg) => `${pad}  ${arg}`).join(",\n")}\n${pad}>`;
}

/** `call(argument)` at the end of a line that begins with `used` characters, of which `column` are indentation. */
export function callText(name: string, argument: string, column: number, used: number): string {
  const line = `${name}(${argument})`;
  if (used + line.length + 1 <= LINE_MAX) return line;
  const pad = " ".repeat(column);
  return `${name}(\n${pad}  ${argument},\n${pad})`;
}

/** `["a", "b"]`, on one line if it fits after `used` characters of it. */
export function arrayText(items: readonly string[], column: number, used: number): string {
  const line = `[${items.join(", ")}]`;
  if (column + used + line.length <= LINE_MAX) return line;
  const pad = " ".repeat(column);
  return `[\n${items.map((item) => `${pad}  ${item},\n`).join("")}${pad}]`;
}

/** `export type Name = "a" | "b";` */
export function unionAlias(name: string, members: readonly string[]): string {
  const line = `export type ${name} = ${members.join(" | ")};`;
  return line.length <= LINE_MAX ? line : `export type ${name} =\n${members.map((m) => `  | ${m}`).join("\n")};`;
}
