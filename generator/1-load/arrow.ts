/** Lowers a rule written as an arrow to the policy tree (D12). Nothing of it is ever inlined as text. */
import { ts } from "ts-morph";
import type { CompareOp, Expr, TextSpan } from "../policy/expr.ts";
import type { Lookup } from "./source.ts";

export interface ArrowProblem {
  readonly message: string;
  /** Counted from the start of the rule; undefined: the whole rule. */
  readonly span: TextSpan | undefined;
}

export interface LoweredArrow {
  readonly expr: Expr | null;
  readonly source: string;
  readonly problems: readonly ArrowProblem[];
}

/** `start`: the offset in its file that spans count from. */
export const lowerArrow = (rule: ts.Node, start: number, lookup: Lookup): LoweredArrow => {
  const spanOf = (node: ts.Node): TextSpan => {
    const from = node.getStart();
    return { offset: from - start, length: node.getEnd() - from };
  };
  const source = rule.getText();
  try {
    const arrow = arrowOf(rule, lookup);
    // A rule that has its own `const` is elsewhere in the file: its spans would not be inside the place of the key.
    const at = arrow === rule ? spanOf : () => spanOf(rule);
    const names = namesOf(arrow);
    return { expr: lower(bodyOf(arrow), { names, lookup, spanOf: at }), source: arrow.getText(), problems: [] };
  } catch (problem) {
    if (!(problem instanceof Unsupported)) throw problem;
    return {
      expr: null,
      source,
      problems: [{ message: problem.message, span: inside(spanOf(problem.node), source.length) }],
    };
  }
};

/** A span outside of the rule (a constant elsewhere) is drawn as the whole rule. */
const inside = (span: TextSpan, length: number): TextSpan | undefined =>
  span.offset >= 0 && span.offset + span.length <= length ? span : undefined;

class Unsupported extends Error {
  readonly node: ts.Node;

  constructor(node: ts.Node, message: string) {
    super(message);
    this.node = node;
  }
}

type RuleFunction = ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;

const arrowOf = (rule: ts.Node, lookup: Lookup): RuleFunction => {
  const bare = ts.isExpression(rule) ? unwrapped(rule) : rule;
  if (ts.isArrowFunction(bare) || ts.isFunctionExpression(bare) || ts.isMethodDeclaration(bare)) return bare;
  const name = ts.isIdentifier(bare) ? bare.text : ts.isShorthandPropertyAssignment(bare) ? bare.name.text : null;
  const found = name === null ? null : lookup(name);
  if (found === null)
    throw new Unsupported(rule, "this rule is a function that is not written in its place, so it cannot be read");
  return arrowOf(found.value, found.lookup);
};

/** The expression of `=> expression` or of `{ return expression; }`. */
const bodyOf = ({ body, modifiers }: RuleFunction & { readonly body?: ts.ConciseBody | undefined }): ts.Expression => {
  const asynchronous = modifiers?.find((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);
  if (asynchronous !== undefined) throw new Unsupported(asynchronous, "a rule cannot be async");
  if (body !== undefined && !ts.isBlock(body)) return body;
  const [only, second] = body?.statements ?? [];
  if (only !== undefined && second === undefined && ts.isReturnStatement(only) && only.expression !== undefined)
    return only.expression;
  throw new Unsupported(second ?? only ?? (body as ts.Node), "a rule is one expression, without statements");
};

const ROOTS = ["auth", "data", "next", "now", "ago", "exists"] as const;
type Root = (typeof ROOTS)[number];

const isRoot = (name: string): name is Root => ROOTS.some((root) => root === name);

/** What a local name stands for: a root of the language, or the parameter that holds them all. */
type Names = ReadonlyMap<string, Root | "scope">;

const namesOf = ({ parameters }: RuleFunction): Names => {
  const [parameter, second] = parameters;
  if (second !== undefined) throw new Unsupported(second, "a rule has one parameter: ({ auth, data, next }) => …");
  if (parameter === undefined) return new Map();
  if (ts.isIdentifier(parameter.name)) return new Map([[parameter.name.text, "scope"]]);
  const names = new Map<string, Root>();
  for (const element of parameter.name.elements) {
    if (ts.isOmittedExpression(element)) continue;
    const { name, propertyName, dotDotDotToken, initializer } = element;
    const root = propertyName === undefined ? name : propertyName;
    if (!ts.isIdentifier(name) || !ts.isIdentifier(root) || dotDotDotToken !== undefined || initializer !== undefined)
      throw new Unsupported(element, "take auth, data or next as a whole: ({ auth, data, next }) => …");
    if (!isRoot(root.text))
      throw new Unsupported(element, `\`${root.text}\` is not there in a rule; there are ${ROOTS.join(", ")}`);
    names.set(name.text, root.text);
  }
  return names;
};

interface Context {
  readonly names: Names;
  readonly lookup: Lookup;
  readonly spanOf: (node: ts.Node) => TextSpan;
}

const COMPARISONS: ReadonlyMap<ts.SyntaxKind, CompareOp> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "=="],
  [ts.SyntaxKind.EqualsEqualsToken, "=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "!="],
  [ts.SyntaxKind.ExclamationEqualsToken, "!="],
  [ts.SyntaxKind.LessThanToken, "<"],
  [ts.SyntaxKind.LessThanEqualsToken, "<="],
  [ts.SyntaxKind.GreaterThanToken, ">"],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">="],
]);

const lower = (written: ts.Expression, context: Context): Expr => {
  const node = unwrapped(written);
  const span = context.spanOf(node);
  const literal = literalOf(node);
  if (literal !== undefined) return { kind: "literal", value: literal, span };
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return { kind: "not", of: lower(node.operand, context), span };
  if (ts.isBinaryExpression(node)) return lowerBinary(node, context);
  if (ts.isCallExpression(node)) return lowerCall(node, context);
  const path = pathOf(node, context);
  if (path === null) throw new Unsupported(node, `\`${excerpt(node)}\` cannot be compiled`);
  if (path.length > 0) {
    if (isCallOnly(path)) throw new Unsupported(node, `\`${path.join(".")}\` is a function: call it`);
    return { kind: "path", segments: path, span };
  }
  // A bare name that is no root: a constant at the top of a file.
  return { kind: "literal", value: constantOf(node, context), span };
};

const isCallOnly = ([root, member, ...rest]: readonly string[]): boolean =>
  rest.length === 0 && (member === undefined ? root === "ago" || root === "exists" : isRoleTest(`${root}.${member}`));

const isRoleTest = (name: string): boolean => name === "auth.hasRole" || name === "auth.hasAnyRole";

const lowerBinary = (node: ts.BinaryExpression, context: Context): Expr => {
  const span = context.spanOf(node);
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken)
    return {
      kind: operator === ts.SyntaxKind.AmpersandAmpersandToken ? "and" : "or",
      parts: operands(node, operator).map((part) => lower(part, context)),
      span,
    };
  const op = COMPARISONS.get(operator);
  if (op === undefined)
    throw new Unsupported(node.operatorToken, `\`${node.operatorToken.getText()}\` is not an operator of rules`);
  return { kind: "compare", op, left: operand(node.left, context), right: operand(node.right, context), span };
};

/** A chain of one operator is flat, as in the text form. */
const operands = (node: ts.Expression, operator: ts.SyntaxKind): readonly ts.Expression[] =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === operator
    ? [...operands(node.left, operator), ...operands(node.right, operator)]
    : [node];

/** The sides of a comparison are values: the text form has no more, and SQL of both engines agrees on no more. */
const operand = (node: ts.Expression, context: Context): Expr => {
  const value = lower(node, context);
  if (value.kind === "literal" || value.kind === "path" || value.kind === "call") return value;
  throw new Unsupported(node, "compare values, not conditions; use && || ! for those");
};

const lowerCall = (node: ts.CallExpression, context: Context): Expr => {
  const span = context.spanOf(node);
  const name = calledName(node.expression, context);
  if (name === "exists") return lowerExists(node, context);
  if (name !== "ago" && !isRoleTest(name))
    throw new Unsupported(node, `\`${excerpt(node.expression)}\` cannot be called in a rule`);
  const args = node.arguments.map((argument) => textOf(argument, context));
  const [wanted, right] =
    name === "auth.hasAnyRole" ? ["at least one text", args.length > 0] : ["exactly one text", args.length === 1];
  if (!right) throw new Unsupported(node, `\`${name}\` takes ${wanted}`);
  return { kind: "call", name, args, span };
};

const calledName = (callee: ts.Expression, context: Context): string => {
  const path = pathOf(unwrapped(callee), context) ?? [];
  if (path.length > 0) return path.join(".");
  // `ago` and `exists` imported from the toolchain stand under their own names.
  return ts.isIdentifier(callee) && isRoot(callee.text) ? callee.text : "";
};

const lowerExists = (node: ts.CallExpression, context: Context): Expr => {
  const [entity, where, extra] = node.arguments;
  const fields = where === undefined ? undefined : unwrapped(where);
  if (entity === undefined || fields === undefined || extra !== undefined || !ts.isObjectLiteralExpression(fields))
    throw new Unsupported(node, 'write exists("Entity", { field: value })');
  const clauses = fields.properties.map((property) => {
    const name = property.name;
    const named = name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name));
    if (!named || !(ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property)))
      throw new Unsupported(property, "name each field and its value: { field: value }");
    const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
    return { field: name.text, value: operand(value, context), span: context.spanOf(property) };
  });
  if (clauses.length === 0) throw new Unsupported(fields, "name at least one field");
  return { kind: "exists", entity: entityName(entity, context), clauses, span: context.spanOf(node) };
};

/** A name, or a constant made by `entity("Name", …)`. */
const entityName = (written: ts.Expression, context: Context): string => {
  const node = unwrapped(written);
  const found = ts.isIdentifier(node) ? context.lookup(node.text) : null;
  const made = found === null ? null : unwrapped(found.value);
  const [first] = made !== null && ts.isCallExpression(made) ? made.arguments : [];
  return textOf(first ?? node, found === null || first === undefined ? context : { ...context, lookup: found.lookup });
};

const textOf = (written: ts.Expression, context: Context): string => {
  const node = unwrapped(written);
  const value = literalOf(node) ?? (ts.isIdentifier(node) ? constantOf(node, context) : undefined);
  if (typeof value !== "string") throw new Unsupported(node, "this must be a text that is known while compiling");
  return value;
};

/** Segments from a root; [] for a name that is no root; null for what is no name. */
const pathOf = (node: ts.Expression, context: Context): readonly string[] | null => {
  if (ts.isIdentifier(node)) {
    const known = context.names.get(node.text);
    if (known === "scope")
      throw new Unsupported(node, `\`${node.text}\` alone is no value: use ${node.text}.auth, ${node.text}.data …`);
    if (known !== undefined) return [known];
    return node.text === "now" && context.lookup("now") === null ? ["now"] : [];
  }
  if (!ts.isPropertyAccessExpression(node) || node.questionDotToken !== undefined || !ts.isIdentifier(node.name))
    return null;
  const of = unwrapped(node.expression);
  if (ts.isIdentifier(of) && context.names.get(of.text) === "scope") {
    if (isRoot(node.name.text)) return [node.name.text];
    throw new Unsupported(node, `\`${node.name.text}\` is not there in a rule; there are ${ROOTS.join(", ")}`);
  }
  const path = pathOf(of, context);
  return path === null || path.length === 0 ? null : [...path, node.name.text];
};

const constantOf = (node: ts.Expression, { lookup }: Context): string | number | boolean | null => {
  const name = ts.isIdentifier(node) ? node.text : "";
  const found = lookup(name);
  if (found === null)
    throw new Unsupported(
      node,
      `\`${name}\` is not known here: a rule may use literals and top-level \`const\` literals`,
    );
  const value = literalOf(unwrapped(found.value));
  if (value === undefined) throw new Unsupported(node, `\`${name}\` is not a literal`);
  return value;
};

const literalOf = (node: ts.Expression): string | number | boolean | null | undefined => {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  const negative = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken;
  return negative && ts.isNumericLiteral(node.operand) ? -Number(node.operand.text) : undefined;
};

/** Parentheses, `!`, `as` and `satisfies` say nothing at run time. */
const unwrapped = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node)
    ? unwrapped(node.expression)
    : node;

const excerpt = (node: ts.Node): string => {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};
