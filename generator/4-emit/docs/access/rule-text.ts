import type { RuleIr } from "../../../ir/app.ts";
import { type AccessView, describeAccess, rolesOf } from "../../../policy/access.ts";
import type { Expr } from "../../../policy/expr.ts";
import { lower } from "../../../policy/lower.ts";
import type { PolicyScope } from "../../../policy/schema.ts";
import { exprToSource } from "../../../policy/source.ts";
import { byCodeUnit } from "../../../text/order.ts";
import { code, words } from "./markdown.ts";

/** A rule as access.md tells it. */
export interface RuleText {
  readonly view: AccessView;
  readonly roles: readonly string[];
  /** Who, in words; the rule itself where no words fit. Markdown. */
  readonly who: string;
  /** The rule and the policies it comes from; null where `who` says all of it. Markdown. */
  readonly source: string;
}

/** Policies are put in order of their text: nothing here depends on the order of declarations. */
export function ruleText(rule: RuleIr, scope: PolicyScope): RuleText {
  const expr = inOrder(rule);
  const view = describeAccess(expr, scope);
  const source = rule.policies.length > 1 ? exprToSource(expr) : rule.source;
  const isRuleItself = view.phrase === exprToSource(expr);
  return {
    view,
    roles: rolesOf(lower(expr, scope)),
    who: isRuleItself ? code(source) : words(view.phrase),
    source: `${code(source)}${fromPolicies(rule.policies)}`,
  };
}

function inOrder({ expr, policies }: RuleIr): Expr {
  if (expr.kind !== "and" || policies.length < 2) return expr;
  return { ...expr, parts: [...expr.parts].sort((a, b) => byCodeUnit(exprToSource(a), exprToSource(b))) };
}

function fromPolicies(policies: readonly string[]): string {
  if (policies.length === 0) return "";
  const names = [...new Set(policies)].sort(byCodeUnit).map(words);
  return ` (${names.length === 1 ? "policy" : "policies"} ${names.join(", ")})`;
}

/** `rows where …` with its condition as code. */
export const accessText = (access: string): string => {
  const rows = "rows where ";
  return access.startsWith(rows) ? `${rows}${code(access.slice(rows.length))}` : access;
};
