import type { Auth } from "../kernel/auth.ts";
import { PylonError } from "../kernel/errors.ts";
import type { PushChange } from "../log/ports.ts";
import type { WriteUnit } from "../storage/ports.ts";
import type { App } from "./app.ts";
import { denied } from "./refusing.ts";
import type { EntityModule } from "./routing.ts";
import type { Written } from "./writing.ts";

/** One change of a push on its entity (R-PUSH). */
export function applyChange(
  app: App,
  unit: WriteUnit,
  auth: Auth,
  change: PushChange,
  entity: EntityModule,
): Promise<Written> {
  switch (change.kind) {
    case "insert":
      return entity.insert(app, unit, auth, dataOf(change, "INSERT_FAILED"));
    case "update":
      return entity.update(app, unit, auth, change.rowId, dataOf(change, "UPDATE_FAILED"));
    case "delete":
      return entity.remove(app, unit, auth, change.rowId);
  }
}

function dataOf(change: PushChange, code: "INSERT_FAILED" | "UPDATE_FAILED") {
  if (change.data === null) throw new PylonError(code, `${change.kind} requires data`, 400);
  return change.data;
}

/** As for a route: to others than an admin the same as an entity that they may not write. */
export const unknownEntityChange = (auth: Auth, entity: string): PylonError =>
  auth.isAdmin ? new PylonError("ENTITY_NOT_FOUND", `No entity ${JSON.stringify(entity)}`, 404) : denied(entity);
