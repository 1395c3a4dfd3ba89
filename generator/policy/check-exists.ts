import { didYouMean } from "../diagnostics/suggest.ts";
import type { CheckState } from "./check.ts";
import type { Expr } from "./expr.ts";
import { lowerValue } from "./lower.ts";
import { clauseValue } from "./lower-exists.ts";
import { fieldOperand } from "./operand.ts";
import { entityField, type PolicyEntity, type PolicyField } from "./schema.ts";

type Exists = Extract<Expr, { kind: "exists" }>;
type Clause = Exists["clauses"][number];

/** `exists(Member where userId == auth.userId and orgId == data.orgId)`: names, plain values, fitting types. */
export function checkExists(expr: Exists, state: CheckState, walk: (part: Expr) => boolean): boolean {
  const target = state.scope.schema.get(expr.entity);
  if (target === undefined)
    state.report({
      code: "POLICY_ENTITY_NOT_FOUND",
      severity: "error",
      message: `there is no entity \`${expr.entity}\``,
      hint: didYouMean(expr.entity, state.scope.schema.keys()),
      ...expr.span,
    });
  // A row is printed field by field, without a wait for the database.
  if (state.context.operation === "field")
    state.report({
      code: "POLICY_UNSUPPORTED",
      severity: "error",
      message: "the rule of a field cannot look for other rows",
      hint: "ask it in the entity's read rule, or keep the field in an entity of its own",
      ...expr.span,
    });
  const seen = new Set<string>();
  for (const clause of expr.clauses) {
    if (target !== undefined) checkClause(clause, target, state, walk);
    if (seen.has(clause.field)) unsupported(state, clause, `\`${clause.field}\` is named twice: a field has one value`);
    seen.add(clause.field);
  }
  return target !== undefined;
}

function checkClause(clause: Clause, target: PolicyEntity, state: CheckState, walk: (part: Expr) => boolean): void {
  const { value } = clause;
  const field = entityField(target, clause.field);
  if (field === undefined) {
    const message = `${target.name} has no field \`${clause.field}\``;
    const hint = didYouMean(clause.field, ["id", ...target.fields.map(({ name }) => name)]);
    const at = { offset: clause.span.offset, length: clause.field.length };
    state.report({
      code: "POLICY_UNKNOWN_FIELD",
      severity: "error",
      message,
      hint,
      label: `not declared on ${target.name}`,
      ...at,
    });
  }
  if (value.kind === "and" || value.kind === "or") existsAnd(clause, value.kind, state);
  else if (walk(value) && field !== undefined) checkValue(clause, target, field, state);
}

function checkValue(clause: Clause, target: PolicyEntity, field: PolicyField, state: CheckState): void {
  const lowered = lowerValue(clause.value, state.scope);
  if (
    lowered.kind === "pred" ||
    lowered.operand.kind === "json" ||
    field.type.kind === "json" ||
    field.type.kind === "vector"
  )
    unsupported(state, clause, "inside `exists` a column is compared with a field, a value of the caller or a literal");
  else if (clauseValue(fieldOperand("row", field), lowered.operand) === null)
    state.report({
      code: "POLICY_TYPE",
      severity: "error",
      message: `no \`${target.name}.${clause.field}\` has such a value`,
      hint: "inside `exists` both sides are of one type",
      ...clause.span,
    });
}

/** The grammar reads `exists(M where a == b && c == d)` as `a == (b && c == d)`, which matches nothing (dsl 2.2). */
function existsAnd({ value }: Clause, kind: "and" | "or", state: CheckState): void {
  const both = kind === "and";
  state.report({
    code: "POLICY_EXISTS_AND",
    severity: "error",
    message: `\`${both ? "&&" : "||"}\` inside \`exists\` belongs to the value before it, so the condition matches nothing`,
    hint: both ? "join the conditions by the word `and`" : "write two `exists(…)` joined by `||`",
    label: both ? "write `and`" : undefined,
    ...value.span,
  });
}

function unsupported(state: CheckState, clause: Clause, message: string): void {
  state.report({ code: "POLICY_UNSUPPORTED", severity: "error", message, ...clause.span });
}
