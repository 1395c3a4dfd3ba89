import { LINE_MAX } from "./line-max.ts";

/**
 * Breaks the lines of generated code that are too long, since templates cannot know how long a name is: a guard before its statement,
 * a constant after its `=`, a call, object or array into one member a line. Lines that fit are not touched.
 */
export const fitLines = (code: string): string => code.split("\n").flatMap(fitLine).join("\n");

function fitLine(line: string): readonly string[] {
  if (line.length <= LINE_MAX || /^\s*(?:\/\/|\/\*|\*)/.test(line)) return [line];
  return heritage(line) ?? guard(line) ?? bracketed(line) ?? assignment(line) ?? [line];
}

const padOf = (line: string): string => /^\s*/.exec(line)?.[0] ?? "";

/** `interface A extends B {` in two lines. */
function heritage(line: string): readonly string[] | null {
  const found = /^(interface [\w$]+) (extends .*)$/.exec(line);
  return found === null ? null : [found[1] ?? "", `  ${found[2]}`];
}

/** `if (…) return …;` in two lines. */
function guard(line: string): readonly string[] | null {
  const pad = padOf(line);
  if (!line.startsWith(`${pad}if (`)) return null;
  const end = closing(line, pad.length + 3);
  if (end === null || line.endsWith("{")) return null;
  return [line.slice(0, end + 1), ...fitLine(`${pad}  ${line.slice(end + 2)}`)];
}

/** `const NAME = "…";` in two lines. */
function assignment(line: string): readonly string[] | null {
  const found = /^(\s*(?:export )?const [\w$]+(?:: [^=]+)? =) (".*)$/.exec(line);
  return found === null ? null : [found[1] ?? "", `${padOf(line)}  ${found[2]}`];
}

/** The last bracket of the line with one member a line; an object or array that ends a call keeps the call around it. */
function bracketed(line: string): readonly string[] | null {
  const tail = /[;,]?$/.exec(line)?.[0] ?? "";
  const end = line.length - tail.length - 1;
  const start = opening(line, end);
  if (start === null) return null;
  const inside = line.slice(start + 1, end).trim();
  const members = split(inside);
  const last = members.at(-1) ?? "";
  if (line[start] === "(" && /^[[{]/.test(last) && /[\]}]$/.test(last) && split(last.slice(1, -1)).length > 0) {
    const at = line.length - tail.length - 1 - last.length;
    const pad = padOf(line);
    const items = split(last.slice(1, -1).trim()).flatMap((item) => fitLine(`${pad}  ${item},`));
    return [line.slice(0, at + 1), ...items, `${pad}${last.at(-1)})${tail}`];
  }
  const pad = padOf(line);
  return [
    line.slice(0, start + 1),
    ...members.flatMap((item) => fitLine(`${pad}  ${item},`)),
    `${pad}${line[end]}${tail}`,
  ];
}

const OPEN = "([{";
const CLOSE = ")]}";

/** Index of the bracket that closes the one at `from`. */
function closing(text: string, from: number): number | null {
  for (const { at, depth } of brackets(text, from)) if (depth === 0) return at;
  return null;
}

/** Index of the bracket that the one at `end` closes. */
function opening(text: string, end: number): number | null {
  if (!CLOSE.includes(text[end] ?? " ")) return null;
  const open: number[] = [];
  for (const { at, char } of brackets(text, 0)) {
    if (OPEN.includes(char)) open.push(at);
    else {
      const start = open.pop();
      if (at === end) return start ?? null;
    }
  }
  return null;
}

/** The brackets outside of string literals, with the depth after each. */
function* brackets(text: string, from: number): Generator<{ at: number; char: string; depth: number }> {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === '"' || char === "`" || char === "'") at = endOfString(text, at);
    else if (OPEN.includes(char)) yield { at, char, depth: ++depth };
    else if (CLOSE.includes(char)) yield { at, char, depth: --depth };
  }
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== text[from]) at += text[at] === "\\" ? 2 : 1;
  return at;
}

/** Members at the top level, by comma. */
function split(text: string): readonly string[] {
  const members: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === '"' || char === "`" || char === "'") at = endOfString(text, at);
    else if (OPEN.includes(char)) depth += 1;
    else if (CLOSE.includes(char)) depth -= 1;
    else if (char === "," && depth === 0) {
      members.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === "" ? members : [...members, last];
}
