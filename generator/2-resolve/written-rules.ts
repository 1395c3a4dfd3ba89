import type { PolicyOperation, RawPolicy } from "../1-load/raw-manifest.ts";
import type { LoadResult } from "../1-load/result.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { RuleIr } from "../ir/app.ts";
import type { Expr } from "../policy/expr.ts";
import { parsePolicy } from "../policy/parse.ts";
import { exprToSource } from "../policy/source.ts";
import { problemToDiagnostic } from "./problem-to-diagnostic.ts";

/** A rule as it stands in app.ts, string or arrow. */
export interface WrittenRule {
  readonly key: string;
  /** What `expr`'s spans count in: the string's value, or the arrow's text. */
  readonly text: string;
  /** Null when it could not be read; the reason has been reported. */
  readonly expr: Expr | null;
  /** As a policy string: the text itself, or the arrow in the policy language. */
  readonly source: string;
}

/** Stands where a rule could not be read, so that the operation does not also count as uncovered. */
const UNREADABLE: Expr = { kind: "literal", value: false, span: { offset: 0, length: 0 } };

/** The rules of an app, each parsed once and its syntax errors kept once. */
export class WrittenRules {
  readonly diagnostics: Diagnostic[] = [];
  readonly #arrows: LoadResult["arrows"];
  readonly #read = new Map<string, WrittenRule>();

  constructor(arrows: LoadResult["arrows"]) {
    this.#arrows = arrows;
  }

  read(key: string, text: string): WrittenRule {
    const known = this.#read.get(key);
    if (known !== undefined && (known.text === text || this.#arrows.has(key))) return known;
    const arrow = this.#arrows.get(key);
    const written = arrow === undefined ? this.#parse(key, text) : fromArrow(key, arrow.source, arrow.expr);
    this.#read.set(key, written);
    return written;
  }

  /** Whether the policy has this rule at all. An empty text is none (dsl 1.3), unless it was an arrow. */
  has(policy: RawPolicy, operation: PolicyOperation): boolean {
    const text = policy[operation];
    return text !== undefined && (text !== "" || this.#arrows.has(ruleKey(policy, operation)));
  }

  of(policy: RawPolicy, operation: PolicyOperation): WrittenRule {
    return this.read(ruleKey(policy, operation), policy[operation] ?? "");
  }

  /** A rule that stands alone: a sync scope or a field's read rule. */
  rule(key: string, text: string): RuleIr {
    const { source, expr } = this.read(key, text);
    return { source, expr: expr ?? UNREADABLE, policies: [], origin: { key } };
  }

  #parse(key: string, text: string): WrittenRule {
    const parsed = parsePolicy(text);
    if (parsed.ok) return { key, text, expr: parsed.expr, source: text };
    this.diagnostics.push(problemToDiagnostic(parsed.problem, key));
    return { key, text, expr: null, source: text };
  }
}

const fromArrow = (key: string, text: string, expr: Expr | null): WrittenRule => ({
  key,
  text,
  expr,
  source: expr === null ? "false" : exprToSource(expr),
});

export const ruleKey = (policy: RawPolicy, operation: PolicyOperation): string => `policy:${policy.name}.${operation}`;

/** Several policies of one operation must all hold (dsl 2.5, rule 3). */
export function andRules(written: readonly WrittenRule[], policies: readonly string[]): RuleIr | null {
  const [first, ...others] = written;
  if (first === undefined) return null;
  const origin = { key: first.key };
  if (others.length === 0) return { source: first.source, expr: first.expr ?? UNREADABLE, policies, origin };
  const source = written.map(({ expr, source }) => (expr?.kind === "or" ? `(${source})` : source)).join(" && ");
  const parts = written.map(({ expr }) => expr ?? UNREADABLE).flatMap((e) => (e.kind === "and" ? e.parts : [e]));
  return { source, expr: { kind: "and", parts, span: { offset: 0, length: source.length } }, policies, origin };
}
