import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Expr } from "../../../generator/policy/expr.ts";
import { parsePolicy } from "../../../generator/policy/parse.ts";
import { exprToSource } from "../../../generator/policy/source.ts";
import { root } from "../../support/files.ts";

const problemOf = (source: string) => {
  const parsed = parsePolicy(source);
  if (parsed.ok) throw new Error(`${source} parses`);
  return parsed.problem;
};

const exprOf = (source: string): Expr => {
  const parsed = parsePolicy(source);
  if (!parsed.ok) throw new Error(`${source}: ${parsed.problem.message}`);
  return parsed.expr;
};

describe("mistakes say what to write, at their place", () => {
  test.each([
    ["auth.userId = data.userId", "=", "write `==`"],
    ["auth.userId = = data.userId", "= =", "write `==`"],
    ["auth.userId === data.userId", "===", "write `==`"],
    ["auth.userId !== data.userId", "!==", "write `!=`"],
    ["true and false", "and", "write `&&`"],
    ["true or false", "or", "write `||`"],
    ["not data.done", "not", "write `!`"],
    ["true & false", "&", "write `&&`"],
    ["true | false", "|", "write `||`"],
    ["data.n => 5", "=>", "write `>=`"],
    ["data.n <> 5", "<>", "write `!=`"],
    ["`x` == data.a", "`", 'write "…"'],
    ['data["a"] == 1', "[", "write `data.field`"],
    ['data.a == "x', '"x', 'close it with "'],
  ])("%s", (source, marked, label) => {
    const problem = problemOf(source);
    expect(problem).toMatchObject({ code: "POLICY_SYNTAX", severity: "error", label });
    expect(source.slice(problem.offset, problem.offset + problem.length)).toBe(marked);
  });

  test.each([
    ["", "the rule is empty"],
    ["data.a == b == c", "comparisons cannot be chained"],
    ["data.a == (b)", "plain value, not `(`"],
    ["data.a == !b", "plain value, not `!`"],
    ["(true", "expected `)`"],
    ["true)", "closes nothing"],
    ["data.n + 1 == 2", "do not calculate"],
    ['hasRole("x")', "`hasRole` is not a function"],
    ["auth.hasRole()", "exactly one argument"],
    ["auth.hasRole(data.role)", "expected `)`"],
    ['auth.hasRole("a", "b")', "exactly one argument"],
    ['ago("30 days") < now', "not a duration"],
    ['"\\q" == data.a', "is not an escape"],
    ["exists(M)", "expected `where`"],
    ["exists(M where exists(N where a == 1) == true)", "expected `==`"],
    ["exists(M where a == exists(N where b == 1))", "inside another `exists`"],
    ["data.a in data.b", "`in` is not an operator"],
  ])("%s", (source, message) => {
    expect(problemOf(source).message).toContain(message);
  });
});

test("depth: 31 parentheses or 63 `!`, any length of a flat chain", () => {
  expect(parsePolicy(`${"(".repeat(31)}true${")".repeat(31)}`).ok).toBe(true);
  expect(parsePolicy(`${"(".repeat(32)}true${")".repeat(32)}`).ok).toBe(false);
  expect(parsePolicy(`${"!".repeat(63)}true`).ok).toBe(true);
  expect(parsePolicy(`${"!".repeat(64)}true`).ok).toBe(false);
  expect(parsePolicy(Array(5000).fill("true").join(" && ")).ok).toBe(true);
});

test("`and` separates the conditions of `exists`, `&&` belongs to a value", () => {
  expect(exprOf("exists(M where a == data.a and b == 3)")).toMatchObject({ clauses: [{ field: "a" }, { field: "b" }] });
  expect(exprOf("exists(M where a == data.a && b == 3)")).toMatchObject({ clauses: [{ value: { kind: "and" } }] });
});

test("spans select the source text", () => {
  const source = 'auth.userId == data.ownerId && auth.hasRole("x")';
  const expr = exprOf(source);
  if (expr.kind !== "and") throw new Error("not an and");
  const texts = expr.parts.map(({ span }) => source.slice(span.offset, span.offset + span.length));
  expect(texts).toEqual(["auth.userId == data.ownerId", 'auth.hasRole("x")']);
});

test.each([
  'auth.userId == data.ownerId && (data.public || auth.hasAnyRole("a", "b"))',
  "!(data.a == 1) == true",
  "(data.a == 1) == true",
  '(true && false) && true || data.s != "q\\"\\\\\\n"',
  'exists(M where a == data.a and b == (data.c == 1)) || data.at < ago("1h30m")',
  "!!data.a",
])("the canonical text of %s parses to the same tree", (source) => {
  const bare = (expr: Expr): string => JSON.stringify(expr, (key, value) => (key === "span" ? undefined : value));
  expect(bare(exprOf(exprToSource(exprOf(source))))).toBe(bare(exprOf(source)));
});

test("every rule that docs/policies.md shows can be read", () => {
  const page = readFileSync(join(root, "docs/policies.md"), "utf8");
  const rules = [...page.matchAll(/^```\n([^`]*)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));
  expect(rules.length).toBeGreaterThan(4);
  expect(rules.filter((rule) => !parsePolicy(rule).ok)).toEqual([]);
});
