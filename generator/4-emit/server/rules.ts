import type { AppIr, RuleIr } from "../../ir/app.ts";
import type { Expr } from "../../policy/expr.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { partsOf } from "../../policy/walk.ts";

export const schemaOf = (ir: AppIr): PolicySchema => new Map(ir.entities.map((entity) => [entity.name, entity]));

const ROW_ROOTS = new Set(["data", "existing", "record"]);

/** The field of the row that an expression is, or null. */
function fieldOf(expr: Expr): string | null {
  if (expr.kind !== "path" || !ROW_ROOTS.has(expr.segments[0] ?? "")) return null;
  return expr.segments[1] ?? null;
}

const namesCaller = (expr: Expr): boolean => expr.kind === "path" && expr.segments[0] === "auth";

/**
 * Fields that an update rule compares with the caller, directly or inside `exists` (D13): the new values of these must pass too, or a
 * row could be handed to another owner or tenant. Empty where the rule names `next` and so judges the new row itself.
 */
export function handedAway(rule: RuleIr): readonly string[] {
  if (namesNext(rule.expr)) return [];
  const found = new Set<string | null>();
  for (const part of partsOf(rule.expr)) {
    if (part.kind === "exists") for (const clause of part.clauses) found.add(fieldOf(clause.value));
    if (part.kind !== "compare") continue;
    if (namesCaller(part.left)) found.add(fieldOf(part.right));
    if (namesCaller(part.right)) found.add(fieldOf(part.left));
  }
  return [...found].filter((name) => name !== null && name !== "id") as readonly string[];
}

export const namesNext = (expr: Expr): boolean =>
  [...partsOf(expr)].some((part) => part.kind === "path" && part.segments[0] === "next");

/** Fields of the row that an expression reads. */
export const rowFields = (expr: Expr): readonly string[] =>
  [...partsOf(expr)].map(fieldOf).filter((name) => name !== null && name !== "id") as readonly string[];

/** Entities whose rows an expression asks for. */
export const entitiesAsked = (expr: Expr): readonly string[] =>
  [...partsOf(expr)].flatMap((part) => (part.kind === "exists" ? [part.entity] : []));
