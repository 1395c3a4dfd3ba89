import type { AppIr, EntityIr, FieldIr, Operation } from "../ir/app.ts";
import { compareAccess } from "../policy/compare-access.ts";
import type { Expr } from "../policy/expr.ts";
import type { PolicyScope } from "../policy/schema.ts";

export interface AccessChange {
  /** `changed`: the rules differ, and neither is known to follow from the other. */
  readonly change: "widened" | "narrowed" | "changed";
  /** `Todo.read`, or `Todo.notes read` for a field's own rule. */
  readonly subject: string;
  /** Who, for people: `owner`, `any signed-in user`. */
  readonly before: string;
  readonly after: string;
}

const OPERATIONS: readonly Operation[] = ["read", "insert", "update", "delete"];
const NOBODY: Expr = { kind: "literal", value: false, span: { offset: 0, length: 0 } };
const ANYONE: Expr = { kind: "literal", value: true, span: { offset: 0, length: 0 } };

/** Who may do more or less than by the committed manifest, in the order of app.ts. A new entity or field had no reader to win or lose. */
export function reviewAccess(before: AppIr, after: AppIr): readonly AccessChange[] {
  const scopes = { before: scopesOf(before), after: scopesOf(after) };
  // An operation that nothing covers is denied, or open as the 0.3 packages had it.
  const uncovered = after.compat === "0.3" ? ANYONE : NOBODY;
  return after.entities.flatMap((now) => {
    const old = before.entities.find((entity) => entity.name === now.name);
    if (old === undefined) return [];
    const review = (subject: string, was: Expr, is: Expr): AccessChange[] => {
      const { kind, beforePhrase, afterPhrase } = compareAccess(was, is, scopes.after(now), scopes.before(old));
      return kind === "same" ? [] : [{ change: kind, subject, before: beforePhrase, after: afterPhrase }];
    };
    const ruleOf = (entity: EntityIr, operation: Operation): Expr => entity.rules[operation]?.expr ?? uncovered;
    const operations = OPERATIONS.flatMap((operation) =>
      review(`${now.name}.${operation}`, ruleOf(old, operation), ruleOf(now, operation)),
    );
    const fields = now.fields.flatMap((field) => {
      const known = old.fields.find((candidate) => candidate.name === field.name);
      return known === undefined ? [] : review(`${now.name}.${field.name} read`, readers(known), readers(field));
    });
    return [...operations, ...fields];
  });
}

/** Who of those that may read the row may read the field. */
function readers(field: FieldIr): Expr {
  return field.serverOnly ? NOBODY : (field.readable?.expr ?? ANYONE);
}

function scopesOf(ir: AppIr): (entity: EntityIr) => PolicyScope {
  const schema = new Map(ir.entities.map((entity) => [entity.name, entity]));
  return (entity) => ({ schema, entity });
}
