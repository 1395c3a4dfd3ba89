import type { Expr } from "./expr.ts";
import { align, isNull } from "./lower-compare.ts";
import { fieldOperand, isCallers, type Operand } from "./operand.ts";
import { and, atom, type ExistsClause, FALSE, not, type Pred } from "./pred.ts";
import { entityField, type PolicyScope } from "./schema.ts";

/** A rule's part is a value or a condition; `auth.isAdmin` and comparisons are conditions. */
export type Lowered =
  | { readonly kind: "operand"; readonly operand: Operand }
  | { readonly kind: "pred"; readonly pred: Pred };

/** `exists(Member where orgId == data.orgId)`. A null of the caller matches no row, a null of the row matches null. */
export function lowerExists(
  expr: Extract<Expr, { kind: "exists" }>,
  scope: PolicyScope,
  lowerValue: (value: Expr, scope: PolicyScope) => Lowered,
): Pred {
  const target = scope.schema.get(expr.entity);
  const clauses: ExistsClause[] = [];
  const guards: Pred[] = [];
  for (const { field: name, value } of expr.clauses) {
    const field = entityField(target, name);
    const lowered = lowerValue(value, scope);
    if (field === undefined || lowered.kind === "pred" || clauses.some((clause) => clause.field === name)) return FALSE;
    const operand = clauseValue(fieldOperand("row", field), lowered.operand);
    if (operand === null) return FALSE;
    if (isCallers(operand) && operand.kind !== "literal") guards.push(not(isNull(operand)));
    clauses.push({ field: name, nullable: field.optional, value: operand });
  }
  return and(...guards, atom({ kind: "exists", entity: expr.entity, clauses }));
}

/** The value in the type of the column it is looked for in; null when no row can have it, or it would have to be converted there. */
export function clauseValue(column: Operand, value: Operand): Operand | null {
  if (column.kind !== "field" || value.kind === "absent") return null;
  if (value.kind === "literal" && value.value === null) return column.nullable ? value : null;
  const sides = align(column, value);
  if (typeof sides === "string" || sides.loose || sides.left !== column || sides.right.kind === "number") return null;
  const aligned = sides.right;
  const foreign =
    column.values !== null && aligned.kind === "literal" && !column.values.includes(String(aligned.value));
  return foreign ? null : aligned;
}
