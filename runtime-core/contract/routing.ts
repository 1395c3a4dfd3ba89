import type { Auth } from "../kernel/auth.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Call, Reply } from "../net/ports.ts";
import type { WriteUnit } from "../storage/ports.ts";
import type { App } from "./app.ts";
import { denied, methodNotAllowed } from "./refusing.ts";
import type { JsonObject } from "./values.ts";
import { bodyObject, deletedReply, insertedReply, updatedReply, type Written, writeReply } from "./writing.ts";

/** What a generated entity module offers. */
export interface EntityModule {
  list(app: App, call: Call): Promise<Reply>;
  cursor(app: App, call: Call): Promise<Reply>;
  get(app: App, call: Call, id: string): Promise<Reply>;
  insert(app: App, unit: WriteUnit, auth: Auth, body: JsonObject): Promise<Written>;
  update(app: App, unit: WriteUnit, auth: Auth, id: string, patch: JsonObject): Promise<Written>;
  remove(app: App, unit: WriteUnit, auth: Auth, id: string): Promise<Written>;
}

/** `/api/entities/{E}`, `/api/entities/{E}/cursor` and `/api/entities/{E}/{id}` (http 3). Null for longer paths. */
export function entityRoute(app: App, call: Call, entity: EntityModule): Promise<Reply> | null {
  const { method, segments } = call;
  const id = segments[3];
  if (segments.length > 4) return null;
  if (id === undefined) {
    if (method === "GET") return entity.list(app, call);
    if (method === "POST") return insertRoute(app, call, entity);
    throw methodNotAllowed(method);
  }
  switch (method) {
    case "GET":
      return id === "cursor" ? entity.cursor(app, call) : entity.get(app, call, id);
    case "PATCH":
      return updateRoute(app, call, entity, id);
    case "DELETE":
      return removeRoute(app, call, entity, id);
    default:
      throw methodNotAllowed(method);
  }
}

// Bodies are read before the unit of work begins: a broken one costs the writer nothing.
function insertRoute(app: App, call: Call, entity: EntityModule): Promise<Reply> {
  const body = bodyObject(app, call);
  return writeReply(app, call, async (unit) => insertedReply(await entity.insert(app, unit, call.auth, body)));
}

function updateRoute(app: App, call: Call, entity: EntityModule, id: string): Promise<Reply> {
  const patch = bodyObject(app, call);
  return writeReply(app, call, async (unit) => updatedReply(await entity.update(app, unit, call.auth, id, patch)));
}

const removeRoute = (app: App, call: Call, entity: EntityModule, id: string): Promise<Reply> =>
  writeReply(app, call, async (unit) => deletedReply(await entity.remove(app, unit, call.auth, id)));

/** An entity that the app does not have: to others than an admin the same as one that they may not read. */
export function unknownEntity(call: Call, entity: string): PylonError {
  if (call.auth.isAdmin)
    return new PylonError("ENTITY_NOT_FOUND", `No entity ${JSON.stringify(entity)}`, call.method === "GET" ? 400 : 404);
  return entity.startsWith("_") ? new PylonError("NOT_FOUND", "Not found", 404) : denied(entity);
}
