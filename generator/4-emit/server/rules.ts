import type { Expr } from "../../policy/expr.ts";
import type { AppIr, RuleIr } from "../../ir/app.ts";
import type { PolicySchema } from "../../policy/schema.ts";

export const schemaOf = (ir: AppIr): PolicySchema => new Map(ir.entities.map((entity) => [entity.name, entity]));

/**
 * Fields that an update rule compares with the caller, directly or inside `exists` (D13): the new values of these must pass too, or a
 * row could be handed to another owner or tenant. Empty where the rule names `next` and so judges the new row itself.
 */
export function handedAway(rule: RuleIr): readonly string[] {
  const found = new Set<string>();
  const visit = (expr: Expr): void => {
    switch (expr.kind) {
      case "not":
        return visit(expr.of);
      case "and":
      case "or":
        return expr.parts.forEach(visit);
      case "compare": {
        if (namesCaller(expr.left)) addField(expr.right, found);
        if (namesCaller(expr.right)) addField(expr.left, found);
        visit(expr.left);
        return visit(expr.right);
      }
      case "exists":
        for (const clause of expr.clauses) addField(clause.value, found);
        return;
      default:
        return;
    }
  };
  visit(rule.expr);
  return namesNext(rule.expr) ? [] : [...found];
}

const ROW_ROOTS = new Set(["data", "existing", "record"]);

const namesCaller = (expr: Expr): boolean => expr.kind === "path" && expr.segments[0] === "auth";

function addField(expr: Expr, found: Set<string>): void {
  if (expr.kind !== "path" || !ROW_ROOTS.has(expr.segments[0] ?? "")) return;
  const [, name] = expr.segments;
  if (name !== undefined && name !== "id") found.add(name);
}

export function namesNext(expr: Expr): boolean {
  switch (expr.kind) {
    case "path":
      return expr.segments[0] === "next";
    case "not":
      return namesNext(expr.of);
    case "and":
    case "or":
      return expr.parts.some(namesNext);
    case "compare":
      return namesNext(expr.left) || namesNext(expr.right);
    case "exists":
      return expr.clauses.some((clause) => namesNext(clause.value));
    default:
      return false;
  }
}

/** Fields of the row that an expression reads. */
export function rowFields(expr: Expr): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Expr): void => {
    if (part.kind === "path") addField(part, found);
    else if (part.kind === "not") visit(part.of);
    else if (part.kind === "and" || part.kind === "or") part.parts.forEach(visit);
    else if (part.kind === "compare") [part.left, part.right].forEach(visit);
    else if (part.kind === "exists") for (const clause of part.clauses) visit(clause.value);
  };
  visit(expr);
  return found;
}
