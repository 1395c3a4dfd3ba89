import type { AppIr } from "../../../ir/app.ts";
import { Names } from "../../client/names.ts";
import { authPaths } from "./auth-paths.ts";
import { errorSchema, HEADERS, PARAMETERS, responses, securitySchemes } from "./components.ts";
import { entityPaths } from "./entity-paths.ts";
import { insertSchema, patchSchema, rowSchema } from "./field-schema.ts";
import type { Json } from "./json.ts";
import { sharedPaths } from "./sync-paths.ts";

/** The routes that the app's server answers, as an OpenAPI 3.1 document. It tells no rules. */
export function openapi(ir: AppIr): Json {
  const names = new Names();
  // All rows first: an entity `TodoInsert` keeps its name beside an entity `Todo`.
  const rows = ir.entities.map((entity) => ({ entity, row: names.take(entity.name) }));
  const entities = rows.map(({ entity, row }) => ({
    entity,
    schemas: { row, insert: names.take(`${row}Insert`), patch: names.take(`${row}Patch`) },
  }));
  const errorName = names.take("Error");
  return {
    openapi: "3.1.0",
    info: { title: ir.name, version: ir.version },
    security: [{ bearer: [] }, { cookie: [] }, {}],
    paths: Object.assign(
      {},
      ...entities.map(({ entity, schemas }) => entityPaths(entity, schemas)),
      authPaths(ir),
      sharedPaths(ir),
    ) as Json,
    components: {
      schemas: Object.fromEntries([
        ...entities.flatMap(({ entity, schemas }) => [
          [schemas.row, rowSchema(entity)],
          [schemas.insert, insertSchema(entity)],
          [schemas.patch, patchSchema(entity)],
        ]),
        [errorName, errorSchema],
      ]),
      parameters: PARAMETERS,
      headers: HEADERS,
      responses: responses(errorName),
      securitySchemes: securitySchemes(ir.auth.cookieName),
    },
  };
}
