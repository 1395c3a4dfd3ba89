import { PylonError } from "../kernel/errors.ts";
import type { App } from "./app.ts";

export const denied = (entity: string): PylonError =>
  new PylonError("POLICY_DENIED", `Access to ${entity} denied by policy`, 403, {
    hint: "No rule lets this caller do it; see access.md.",
  });

export const notFound = (entity: string, id: string): PylonError =>
  new PylonError("NOT_FOUND", `${entity} "${id}" not found`, 404);

export const methodNotAllowed = (method: string): PylonError =>
  new PylonError("METHOD_NOT_ALLOWED", `${method} is not allowed here`, 405);

export const invalidColumn = (entity: string, column: string, valid: string): PylonError =>
  new PylonError(
    "INVALID_COLUMN",
    `Unknown column ${JSON.stringify(column)} on ${entity}; valid columns: ${valid}`,
    400,
  );

export const readonlyField = (field: string): PylonError =>
  new PylonError("READONLY_FIELD", `Field ${field} is read-only`, 400);

export const invalidValue = (message: string): PylonError => new PylonError("INVALID_VALUE", message, 400);

/** A number outside its range, or text that is no number, in the query string. */
export const invalidParameter = (name: string, text: string): PylonError =>
  new PylonError("INVALID_QUERY", `${name} must be a whole number of at least 0, not ${JSON.stringify(text)}`, 400);

/** A value of the wrong JSON type. The code is the wire's, whether or not the entity has CRDT fields. */
export function wrongType(field: string, expected: string, got: unknown): PylonError {
  const shown = JSON.stringify(got);
  const cut = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return new PylonError("CRDT_APPLY_FAILED", `field ${field}: expected ${expected}, got ${cut}`, 400);
}

/** A required column without a value, by SQL's words; `column` is `Entity.field`. */
export const missing = (code: "INSERT_FAILED" | "UPDATE_FAILED", column: string): PylonError =>
  new PylonError(code, `NOT NULL constraint failed: ${column}`, 400);

/**
 * The answer for a row that a read did not find: 404, whether it is absent or hidden. In compatibility mode a hidden row is 403, so
 * it asks `stored`, the module's statement for the row without any rule.
 */
export async function unreadable(app: App, entity: string, id: string, stored: string): Promise<PylonError> {
  const isThere = app.compat && (await app.db.read.get(stored, [id])) !== undefined;
  return isThere ? denied(entity) : notFound(entity, id);
}

/** The answer for a row that the caller may not write; one that it cannot even read is not there (404), but in compatibility mode. */
export const refused = (app: App, entity: string, id: string, isReadable: boolean): PylonError =>
  isReadable || app.compat ? denied(entity) : notFound(entity, id);

type CrossTenant = "CROSS_TENANT_UPDATE" | "CROSS_TENANT_DELETE";

/** The answer for a write across tenants (R-TEN). */
export const crossTenant = (code: CrossTenant): PylonError =>
  new PylonError(code, "The row belongs to another tenant", 403);

/** The answer for a row of another tenant: one that the caller cannot read is not there, but in compatibility mode. */
export const foreign = (
  app: App,
  code: Parameters<typeof crossTenant>[0],
  entity: string,
  id: string,
  isReadable: boolean,
): PylonError => (isReadable || app.compat ? crossTenant(code) : notFound(entity, id));
