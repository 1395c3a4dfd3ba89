import type { EntityIr, Operation, RuleIr } from "../../ir/app.ts";
import type { PolicySchema, PolicyScope } from "../../policy/schema.ts";
import type { Scope, ScopeTree } from "../../policy/scope.ts";
import { type ScopePlan, scopeTree } from "../../policy/scope-tree.ts";
import { toJs } from "../../policy/to-js.ts";
import { LINE_MAX } from "../../text/line-max.ts";
import { type Lookup, printLookups } from "./lookups.ts";
import { constantName, rowType } from "./names.ts";

/** A rule as a JavaScript function of the module. */
export interface Predicate {
  readonly name: string;
  readonly text: string;
  readonly isAlways: boolean;
  readonly isAsync: boolean;
  readonly needsRow: boolean;
  readonly needsNext: boolean;
  readonly needsNow: boolean;
  readonly lookups: readonly Lookup[];
}

const ORDER: readonly Operation[] = ["read", "insert", "update", "delete"];

/** The rules of an entity as functions; operations whose rules read the same share one. Null: nobody but an admin may. */
export function predicates(entity: EntityIr, schema: PolicySchema): Readonly<Record<Operation, Predicate | null>> {
  const made = new Map<string, Predicate>();
  const of = (operation: Operation): Predicate | null => {
    const rule = entity.rules[operation];
    if (rule === null) return null;
    const key = JSON.stringify(stripSpans(rule));
    const known = made.get(key);
    if (known !== undefined) return known;
    const sharing = ORDER.filter((other) => {
      const theirs = entity.rules[other];
      return theirs !== null && JSON.stringify(stripSpans(theirs)) === key;
    });
    const printed = printPredicate(nameOf(sharing), `${sharing.join(", ")}: ${rule.source}`, rule, entity, schema);
    made.set(key, printed);
    return printed;
  };
  return { read: of("read"), insert: of("insert"), update: of("update"), delete: of("delete") };
}

/** `mayRead`; `mayReadAndUpdate` for a rule that decides both, so that a guard of an update never looks like that of a read. */
function nameOf(operations: readonly Operation[]): string {
  if (operations.length === ORDER.length) return "mayReadAndWrite";
  const writes = operations.filter((operation) => operation !== "read");
  if (writes.length === ORDER.length - 1) return "mayWrite";
  return `may${operations.map((operation) => operation.charAt(0).toUpperCase() + operation.slice(1)).join("And")}`;
}

const stripSpans = (rule: RuleIr): unknown =>
  JSON.parse(JSON.stringify(rule.expr, (key, value: unknown) => (key === "span" ? undefined : value)));

export function printPredicate(
  name: string,
  comment: string,
  rule: RuleIr,
  entity: EntityIr,
  schema: PolicySchema,
): Predicate {
  const scope: PolicyScope = { schema, entity };
  const js = toJs(rule.expr, scope);
  const { text, lookups } = printLookups(rule, scope, js.text);
  const { row, next, now, exists } = js.needs;
  const parameters = [
    ...(exists ? ["on: SqlConnection"] : []),
    "auth: Auth",
    ...(row ? [`row: ${rowType(entity)}`] : []),
    ...(next ? [`next: ${rowType(entity)}`] : []),
    ...(now ? ["now: string"] : []),
  ];
  const head = `const ${name} = ${exists ? "async " : ""}(${parameters.join(", ")}): ${exists ? "Promise<boolean>" : "boolean"} =>`;
  const body = withAdmin(text);
  const line = `${head} ${body};`;
  return {
    name,
    text: `${docLine(comment)}\n${line.length <= LINE_MAX ? line : `${head}\n  ${broken(body, 2)};`}`,
    isAlways: text === "true",
    isAsync: exists,
    needsRow: row,
    needsNext: next,
    needsNow: now,
    lookups,
  };
}

/** An admin passes every rule (dsl 2.5). */
function withAdmin(text: string): string {
  if (text === "false") return "auth.isAdmin";
  return `auth.isAdmin || ${operands(text, " && ").length > 1 ? `(${text})` : text}`;
}

/** A chain that is too long for its line, one operand a line; what follows the first operand of a parenthesis stands deeper. */
function broken(text: string, indent: number, deeper = 0): string {
  if (text.length + indent <= LINE_MAX - 2) return text;
  const rest = indent + deeper;
  for (const operator of [" || ", " && "]) {
    const parts = operands(text, operator);
    if (parts.length > 1)
      return parts
        .map((part, at) => broken(part, at === 0 ? indent : rest))
        .join(`${operator.trimEnd()}\n${" ".repeat(rest)}`);
  }
  return text.startsWith("(") && text.endsWith(")") ? `(${broken(text.slice(1, -1), indent, 2)})` : text;
}

/** The operands of a chain at its top level: outside parentheses and string literals. */
function operands(text: string, operator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') while (text[++at] !== '"') at += text[at] === "\\" ? 1 : 0;
    else if (char === "(" || char === "{" || char === "[") depth += 1;
    else if (char === ")" || char === "}" || char === "]") depth -= 1;
    else if (depth === 0 && text.startsWith(operator, at)) {
      parts.push(text.slice(from, at));
      from = at + operator.length;
      at = from - 1;
    }
  }
  return [...parts, text.slice(from)];
}

const docLine = (text: string): string => `/** ${text.replaceAll("*/", "*\\/").replace(/\s+/g, " ")} */`;

/** The rule lets everybody pass, so nothing is printed for it. */
export const isAlways = (predicate: Predicate): boolean => predicate.isAlways;

/** A call of the predicate with what the place at hand calls those things. */
export function callOf(predicate: Predicate, at: { on: string; row: string; next?: string }): string {
  const args = [
    ...(predicate.isAsync ? [at.on] : []),
    "auth",
    ...(predicate.needsRow ? [at.row] : []),
    ...(predicate.needsNext ? [at.next ?? at.row] : []),
    ...(predicate.needsNow ? ["nowOf(app)"] : []),
  ];
  const text = `${predicate.name}(${args.join(", ")})`;
  return predicate.isAsync ? `await ${text}` : text;
}

/** A read rule as the function that picks a caller's statements. */
export interface ScopeFunction {
  readonly name: string;
  readonly text: string;
  readonly plan: ScopePlan;
}

/** `plan` null: no rule, so only an admin gets rows, or everybody where the mode opens them (`isOpen`). */
export function scopeFunction(
  name: string,
  prefix: string,
  comment: string,
  plan: ScopePlan | null,
  isOpen: boolean,
): ScopeFunction {
  const lines =
    plan === null
      ? [isOpen ? "  return { sql: ALL, args: [] };" : "  return null;"]
      : treeLines(plan.tree, prefix, "  ");
  const isEvery = lines.length === 1 && lines[0] === "  return { sql: ALL, args: [] };";
  const body = isEvery ? lines : ["  if (auth.isAdmin) return { sql: ALL, args: [] };", ...lines];
  const parameters = `${isEvery ? "_auth" : "auth"}: Auth${plan?.now === true ? ", now: string" : ""}`;
  return {
    name,
    text: `${docLine(comment)}\nfunction ${name}(${parameters}): ReadScope<Reads> | null {\n${body.join("\n")}\n}`,
    plan: plan ?? {
      tree: { kind: "leaf", scope: { kind: "none" } },
      scopes: [],
      tooWide: false,
      needsNext: false,
      now: false,
      helpers: [],
    },
  };
}

export const planOf = (rule: RuleIr, entity: EntityIr, schema: PolicySchema): ScopePlan =>
  scopeTree(rule.expr, { schema, entity }, "sqlite");

function treeLines(tree: ScopeTree, prefix: string, indent: string): readonly string[] {
  if (tree.kind === "leaf") return [`${indent}return ${leafText(tree.scope, prefix)};`];
  const yes = tree.then;
  if (yes.kind === "leaf")
    return [
      `${indent}if (${tree.test}) return ${leafText(yes.scope, prefix)};`,
      ...treeLines(tree.else, prefix, indent),
    ];
  return [
    `${indent}if (${tree.test}) {`,
    ...treeLines(yes, prefix, `${indent}  `),
    `${indent}}`,
    ...treeLines(tree.else, prefix, indent),
  ];
}

function leafText(scope: Scope, prefix: string): string {
  if (scope.kind === "none") return "null";
  if (scope.kind === "all") return "{ sql: ALL, args: [] }";
  return `{ sql: ${prefix}${constantName(scope.name)}, args: [${scope.args.join(", ")}] }`;
}
