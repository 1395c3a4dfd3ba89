import type { EntityIr, RuleIr } from "../../ir/app.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { templateLiteral } from "../../text/literal.ts";
import { constantName } from "./names.ts";
import { planOf, type ScopeFunction, scopeFunction } from "./predicates.ts";

/** The read scopes of an entity: the functions that pick one, and the constants they pick from. */
export interface ScopesView {
  readonly read: ScopeFunction;
  /** For snapshots; the same as `read` unless the app bounds replication. */
  readonly sync: ScopeFunction;
  readonly functions: readonly ScopeFunction[];
  readonly constants: readonly { readonly constant: string; readonly where: string }[];
}

export function scopesView(entity: EntityIr, schema: PolicySchema, isOpen: boolean): ScopesView {
  const rule = entity.rules.read;
  const read = scopeOf("readScope", "", rule, entity, schema, isOpen);
  const limit = entity.sync.kind === "scope" ? entity.sync.rule : null;
  const sync =
    limit === null ? read : scopeOf("syncScope", "SYNC_", joined(rule, limit, isOpen), entity, schema, isOpen);
  const functions = sync === read ? [read] : [read, sync];
  const where = (prefix: string, scopes: ScopeFunction) =>
    scopes.plan.scopes.map((scope) => ({
      constant: prefix + constantName(scope.name),
      where: templateLiteral(parenthesized(scope.sql)),
    }));
  return {
    read,
    sync,
    functions,
    constants: [
      { constant: "ALL", where: '"true"' },
      ...where("", read),
      ...(sync === read ? [] : where("SYNC_", sync)),
    ],
  };
}

function scopeOf(
  name: string,
  prefix: string,
  rule: RuleIr | null,
  entity: EntityIr,
  schema: PolicySchema,
  isOpen: boolean,
): ScopeFunction {
  if (rule === null)
    return scopeFunction(name, prefix, isOpen ? "read: no rule, open in this mode" : "read: no rule", null, isOpen);
  return scopeFunction(name, prefix, `read: ${rule.source}`, planOf(rule, entity, schema), false);
}

const joined = (rule: RuleIr | null, limit: RuleIr, isOpen: boolean): RuleIr | null => {
  if (rule === null) return isOpen ? limit : null;
  return {
    ...rule,
    source: `(${rule.source}) && (${limit.source})`,
    expr: { kind: "and", parts: [rule.expr, limit.expr], span: rule.expr.span },
  };
};

const parenthesized = (sql: string): string => (/ OR /.test(sql) ? `(${sql})` : sql);
