import type { Operation } from "../ir/app.ts";
import { checkComparison } from "./check-compare.ts";
import { checkExists } from "./check-exists.ts";
import { checkPath } from "./check-path.ts";
import type { Expr } from "./expr.ts";
import { lower } from "./lower.ts";
import type { PolicyProblem } from "./problem.ts";
import type { PolicyField, PolicySchema, PolicyScope } from "./schema.ts";
import { splitCaller } from "./scope-tree.ts";

export interface CheckContext {
  /** Null for the rule of an action. */
  readonly entity: string | null;
  /** `field` is the rule of a field's `.readable`. */
  readonly operation: Operation | "action" | "field";
  /** In compatibility mode a string beside a number is a warning: both are read as numbers, as the original does. */
  readonly compat: boolean;
  readonly inputs?: readonly PolicyField[];
}

/** What the parts of a check hand around. */
export interface CheckState {
  readonly scope: PolicyScope;
  readonly context: CheckContext;
  report(problem: PolicyProblem): void;
}

/** All mistakes of a rule against the schema, in the order of their place. An unknown entity is reported by whoever names it. */
export function checkPolicy(
  expr: Expr,
  source: string,
  schema: PolicySchema,
  context: CheckContext,
): readonly PolicyProblem[] {
  const entity = context.entity === null ? null : schema.get(context.entity);
  if (entity === undefined) return [];
  const scope: PolicyScope = { schema, entity, inputs: context.inputs };
  const problems: PolicyProblem[] = [];
  walk(expr, { scope, context, report: (problem) => problems.push(problem) });
  const whole = problems.length === 0 ? checkWhole(expr, source, scope) : null;
  if (whole !== null) problems.push(whole);
  return problems.sort((a, b) => a.offset - b.offset);
}

/** Checks a part; false when it names something that is not there, so that what compares it stays silent. */
export function walk(expr: Expr, state: CheckState): boolean {
  switch (expr.kind) {
    case "literal":
    case "call":
      return true;
    case "path":
      return checkPath(expr, state);
    case "not":
      return walk(expr.of, state);
    case "and":
    case "or":
      return expr.parts.map((part) => walk(part, state)).every(Boolean);
    case "exists":
      return checkExists(expr, state, (part) => walk(part, state));
    case "compare": {
      const known = [walk(expr.left, state), walk(expr.right, state)].every(Boolean);
      if (known) checkComparison(expr, state);
      return known;
    }
  }
}

function checkWhole(expr: Expr, source: string, scope: PolicyScope): PolicyProblem | null {
  const at = { offset: 0, length: source.length };
  if (expr.kind === "literal") {
    if (expr.value !== true) return null;
    return { code: "POLICY_ALWAYS_TRUE", severity: "info", message: "this rule allows everyone", ...at };
  }
  const pred = lower(expr, scope);
  if (pred.kind === "const" && !hasConstant(expr))
    return pred.value
      ? {
          code: "POLICY_ALWAYS_TRUE",
          severity: "warning",
          message: "this rule allows everyone",
          hint: "write `true` if that is meant",
          ...at,
        }
      : {
          code: "POLICY_ALWAYS_FALSE",
          severity: "error",
          message: "this rule allows nobody",
          hint: "write `false` if that is meant",
          ...at,
        };
  if (splitCaller(pred) === null)
    return {
      code: "POLICY_TOO_WIDE",
      severity: "error",
      message: "this rule mixes too many conditions of the caller with conditions of the row",
      hint: "at most six roles or other conditions of the caller can be combined freely; name one role for what they share",
      ...at,
    };
  return null;
}

/** Somebody wrote `true` or `false` into the rule, so its constancy is no surprise. */
function hasConstant(expr: Expr): boolean {
  if (expr.kind === "not") return hasConstant(expr.of);
  if (expr.kind === "and" || expr.kind === "or") return expr.parts.some(hasConstant);
  return expr.kind === "literal" && typeof expr.value === "boolean";
}
