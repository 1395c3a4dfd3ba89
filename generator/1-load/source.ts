/**
 * Syntax trees of the app's files, for the rules that were written as arrows. Parsed only, without types: a rule is a closed language
 * over names and literals (D12). This module loads the TypeScript parser and is itself loaded lazily.
 */
import { posix } from "node:path";
import { ts } from "ts-morph";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { lowerArrow } from "./arrow.ts";
import { callAt, findLiteral } from "./find-literal.ts";
import type { LocateInput } from "./locate.ts";
import { builderKey, parseKey } from "./origin-key.ts";
import type { ArrowRule } from "./result.ts";

/** What a name at the top of a file stands for; null when that cannot be seen. */
export type Lookup = (name: string) => { readonly value: ts.Expression; readonly lookup: Lookup } | null;

export interface LoweredArrows {
  readonly rules: ReadonlyMap<string, ArrowRule>;
  readonly diagnostics: readonly Diagnostic[];
}

/** `keys`: origins of rules, as the builders recorded them. */
export const lowerArrows = (keys: readonly string[], sources: LocateInput): LoweredArrows => {
  const files = parsedFiles(sources);
  const rules = new Map<string, ArrowRule>();
  const diagnostics: Diagnostic[] = [];
  for (const key of keys) {
    const found = ruleNode(key, sources, files);
    const lowered =
      found === null
        ? { expr: null, source: "", problems: [{ message: NOT_IN_PLACE, span: undefined }] }
        : lowerArrow(found.node, found.start, files.lookup(found.file));
    rules.set(key, { expr: lowered.expr, source: lowered.source });
    for (const { message, span } of lowered.problems)
      diagnostics.push({
        code: "POLICY_UNSUPPORTED",
        severity: "error",
        message,
        hint: "a rule is compiled to SQL: it knows auth, data, next, literals, comparisons, && || !, hasRole, ago, now and exists",
        at: { key, ...span },
      });
  }
  return { rules, diagnostics };
};

const NOT_IN_PLACE = "this rule is a function that is not written in its place, so it cannot be read";

interface Files {
  parse(file: string): ts.SourceFile | null;
  lookup(file: string): Lookup;
}

const parsedFiles = ({ textOf }: LocateInput): Files => {
  const trees = new Map<string, ts.SourceFile | null>();
  const parse = (file: string): ts.SourceFile | null => {
    const known = trees.get(file);
    if (known !== undefined) return known;
    const source = textOf(file);
    const tree = source && ts.createSourceFile(file, source.text, ts.ScriptTarget.ES2022, true);
    trees.set(file, tree);
    return tree;
  };
  const lookup =
    (file: string): Lookup =>
    (name) => {
      const tree = parse(file);
      for (const statement of tree?.statements ?? []) {
        const value = constantNamed(statement, name);
        if (value !== null) return { value, lookup: lookup(file) };
        const imported = importNamed(statement, name);
        if (imported !== null) {
          const target = resolveFile(file, imported.from, textOf);
          return target === null ? null : lookup(target)(imported.name);
        }
      }
      return null;
    };
  return { parse, lookup };
};

const constantNamed = (statement: ts.Statement, name: string): ts.Expression | null => {
  if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) return null;
  const found = statement.declarationList.declarations.find(
    (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name,
  );
  return found?.initializer ?? null;
};

const importNamed = (
  statement: ts.Statement,
  name: string,
): { readonly from: string; readonly name: string } | null => {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return null;
  const bindings = statement.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return null;
  const found = bindings.elements.find((element) => element.name.text === name);
  return found === undefined
    ? null
    : { from: statement.moduleSpecifier.text, name: (found.propertyName ?? found.name).text };
};

/** Relative imports only; `./x.js` may mean `./x.ts`. */
const resolveFile = (file: string, from: string, textOf: LocateInput["textOf"]): string | null => {
  if (!from.startsWith(".")) return null;
  const base = posix.join(posix.dirname(file), from);
  const tries = [base, `${base}.ts`, base.replace(/\.js$/, ".ts"), `${base}/index.ts`];
  return tries.find((path) => textOf(path) !== null) ?? null;
};

interface RuleNode {
  readonly node: ts.Node;
  readonly file: string;
  /** Offset of the rule in its file: its origin counts from here. */
  readonly start: number;
}

/** The arrow stands in the call of its builder, at the innermost frame inside the app. */
const ruleNode = (key: string, { positions, framesOf, textOf }: LocateInput, files: Files): RuleNode | null => {
  const parsedKey = parseKey(key);
  const [frame] = framesOf(positions.get(builderKey(parsedKey)) ?? "");
  const source = frame === undefined ? null : textOf(frame.file);
  const tree = frame === undefined ? null : files.parse(frame.file);
  if (frame === undefined || source === null || tree === null) return null;
  const literal = findLiteral(parsedKey, callAt(source.text, source.offsetOf(frame.line, frame.column)));
  const node = literal === null ? null : nodeAt(tree, literal.start);
  return literal === null || node === null ? null : { node, file: frame.file, start: literal.start };
};

/** The outermost expression or method that starts there. */
const nodeAt = (tree: ts.SourceFile, offset: number): ts.Node | null => {
  const visit = (node: ts.Node): ts.Node | null => {
    const fits = ts.isExpression(node) || ts.isMethodDeclaration(node) || ts.isShorthandPropertyAssignment(node);
    if (fits && node.getStart(tree) === offset) return node;
    return node.pos <= offset && offset < node.end
      ? (ts.forEachChild(node, (child) => visit(child) ?? undefined) ?? null)
      : null;
  };
  return visit(tree);
};
