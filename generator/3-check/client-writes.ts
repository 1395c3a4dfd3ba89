import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr, EntityIr, FieldIr } from "../ir/app.ts";
import { diagnose } from "./diagnose.ts";

/** FIELD_NEVER_SET: a required column that clients may not set, of an entity whose rules let them insert. */
export const checkClientWrites = (ir: AppIr): Diagnostic[] =>
  ir.entities.filter((entity) => clientsInsert(ir, entity)).flatMap(checkEntity);

/** What no rule covers is denied, and who writes "false" inserts in functions only. */
function clientsInsert(ir: AppIr, entity: EntityIr): boolean {
  // Registration makes the rows of users; SIGN_UP_COLUMN speaks of what it does not fill.
  if (entity.name === ir.auth.userEntity && entity.fields.some((field) => field.name === "email")) return false;
  const rule = entity.rules.insert;
  if (rule === null) return ir.compat === "0.3";
  return !(rule.expr.kind === "literal" && rule.expr.value === false);
}

const checkEntity = (entity: EntityIr): Diagnostic[] =>
  entity.fields.flatMap((field) => {
    const why = reasonOf(field);
    // The tenant is stamped, and so is an owner, by its default.
    if (why === null || field.optional || field.default !== null || field.name === entity.tenantField) return [];
    const message = `no client can insert a row of ${entity.name}: ${field.name} is required, and ${why}`;
    return [diagnose("FIELD_NEVER_SET", message, field.origin.key)];
  });

function reasonOf({ hidden, readonly, serverOnly, type }: FieldIr): string | null {
  if (hidden) return "columns of that name are the server's alone";
  if (type.kind === "vector") return "vectors are set by the server only";
  if (serverOnly) return "only the server sets it";
  return readonly ? "clients may not set it" : null;
}
