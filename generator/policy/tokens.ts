import type { TextSpan } from "./expr.ts";
import { PolicySyntaxError } from "./problem.ts";

/** A token of dsl 2.1. `ident` keeps its dots: `data.a.b` is one token. */
export type Token =
  | { readonly kind: "ident"; readonly text: string; readonly span: TextSpan }
  | { readonly kind: "string"; readonly value: string; readonly span: TextSpan }
  | { readonly kind: "number"; readonly value: number; readonly span: TextSpan }
  | { readonly kind: "operator"; readonly text: string; readonly span: TextSpan }
  | { readonly kind: "end"; readonly span: TextSpan };

const SPACE = /[ \t\r\n]*/y;
const IDENT = /[A-Za-z_][A-Za-z0-9_.]*/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?/y;
const OPERATOR = /&&|\|\||==|!=|<=|>=|[()!,<>]/y;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  '"': '"',
  "'": "'",
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
};

/** What people write by habit of other languages, and what to write here. */
const HABITS: readonly { readonly text: string; readonly message: string; readonly label: string }[] = [
  { text: "===", message: "`===` is not an operator of policy strings; equality is `==`", label: "write `==`" },
  { text: "!==", message: "`!==` is not an operator of policy strings; inequality is `!=`", label: "write `!=`" },
  { text: "= =", message: "`=` is not an operator; equality is `==`", label: "write `==`" },
  { text: "=>", message: "`=>` is not an operator; greater or equal is `>=`", label: "write `>=`" },
  { text: "=<", message: "`=<` is not an operator; less or equal is `<=`", label: "write `<=`" },
  { text: "<>", message: "`<>` is not an operator; inequality is `!=`", label: "write `!=`" },
];
const SINGLE_HABITS: Readonly<Record<string, { readonly message: string; readonly label: string }>> = {
  "=": { message: "`=` is not an operator; equality is `==`", label: "write `==`" },
  "&": { message: "`&` is not an operator; both must hold is `&&`", label: "write `&&`" },
  "|": { message: "`|` is not an operator; one must hold is `||`", label: "write `||`" },
  "[": { message: "fields are named with dots, not brackets", label: "write `data.field`" },
  "`": { message: "strings are written in quotes, not backticks", label: 'write "…"' },
};

/** Splits a rule into tokens; throws `PolicySyntaxError` at the first character that begins none. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skip(source, 0);
  while (at < source.length) {
    const token = read(source, at);
    tokens.push(token);
    at = skip(source, at + token.span.length);
  }
  tokens.push({ kind: "end", span: { offset: source.length, length: 0 } });
  return tokens;
}

function read(source: string, offset: number): Token {
  const first = source.charAt(offset);
  if (first === '"' || first === "'") return readString(source, offset, first);
  for (const habit of HABITS)
    if (source.startsWith(habit.text, offset))
      throw new PolicySyntaxError(habit.message, { offset, length: habit.text.length }, { label: habit.label });
  const ident = match(IDENT, source, offset);
  if (ident !== null) return { kind: "ident", text: ident, span: { offset, length: ident.length } };
  const number = match(NUMBER, source, offset);
  if (number !== null) return { kind: "number", value: Number(number), span: { offset, length: number.length } };
  const text = match(OPERATOR, source, offset);
  if (text !== null) return { kind: "operator", text, span: { offset, length: text.length } };
  throw unknownCharacter(source, offset);
}

function readString(source: string, offset: number, quote: string): Token {
  let value = "";
  for (let at = offset + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === quote) return { kind: "string", value, span: { offset, length: at + 1 - offset } };
    if (character !== "\\") {
      value += character;
      continue;
    }
    at += 1;
    const escaped = ESCAPES[source.charAt(at)];
    if (escaped === undefined)
      throw new PolicySyntaxError(
        `\`\\${source.charAt(at)}\` is not an escape`,
        { offset: at - 1, length: Math.min(2, source.length - at + 1) },
        { hint: "escapes are \\\\ \\\" \\' \\n \\r \\t \\0" },
      );
    value += escaped;
  }
  throw new PolicySyntaxError(
    "this string has no end",
    { offset, length: source.length - offset },
    { label: `close it with ${quote}` },
  );
}

function unknownCharacter(source: string, offset: number): PolicySyntaxError {
  const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  const span = { offset, length: character.length };
  const habit = SINGLE_HABITS[character];
  if (habit !== undefined) return new PolicySyntaxError(habit.message, span, { label: habit.label });
  if ("+-*/%".includes(character))
    return new PolicySyntaxError(
      `\`${character}\` is not an operator; rules compare values, they do not calculate`,
      span,
    );
  return new PolicySyntaxError(`unexpected character ${JSON.stringify(character)}`, span);
}

function match(pattern: RegExp, source: string, offset: number): string | null {
  pattern.lastIndex = offset;
  return pattern.exec(source)?.[0] ?? null;
}

const skip = (source: string, offset: number): number => offset + (match(SPACE, source, offset)?.length ?? 0);
