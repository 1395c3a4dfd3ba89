/** What the server puts into a new row by itself, before the insert rule looks at it (D13). */
import type { Auth } from "../kernel/auth.ts";
import { PylonError } from "../kernel/errors.ts";
import { textOf } from "./values.ts";

/** `.owner()`: the caller's id. Only an admin may name someone else. */
export function ownerOf(auth: Auth, given: unknown, field: string): string {
  if (auth.isAdmin && given !== undefined && given !== null) return textOf(given, field);
  if (auth.userId === null)
    throw new PylonError("OWNER_REQUIRED", `${field} is the signed-in user's: sign in first`, 401);
  if (given !== undefined && given !== null && given !== auth.userId)
    throw new PylonError("OWNER_MISMATCH", `${field} must be the caller's own id`, 403);
  return auth.userId;
}

/** The tenant column of a new row (R-TEN): the caller's active tenant. An admin without one names it. */
export function tenantOf(auth: Auth, given: unknown, field: string): string {
  if (auth.isAdmin && given !== undefined && given !== null) return textOf(given, field);
  if (auth.tenantId === null)
    throw new PylonError("TENANT_REQUIRED", "No active tenant: select an organisation first", 403);
  if (given !== undefined && given !== null && given !== auth.tenantId)
    throw new PylonError("CROSS_TENANT_INSERT", `${field} must be the active tenant`, 403);
  return auth.tenantId;
}

/** The row belongs to another tenant than the caller's, which is nothing to an admin. */
export const isForeign = (auth: Auth, tenant: string | null): boolean => !auth.isAdmin && tenant !== auth.tenantId;
