import type { PylonError } from "../kernel/errors.ts";
import type { App } from "./app.ts";
import { denied, notFound } from "./problems.ts";
import { crossTenant } from "./stamps.ts";

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

/** The answer for a row of another tenant: one that the caller cannot read is not there, but in compatibility mode. */
export const foreign = (
  app: App,
  code: Parameters<typeof crossTenant>[0],
  entity: string,
  id: string,
  isReadable: boolean,
): PylonError => (isReadable || app.compat ? crossTenant(code) : notFound(entity, id));
