import type { EntityIr } from "../../../ir/app.ts";
import { clientFields } from "../../client/field-types.ts";
import { ID } from "./field-schema.ts";
import { answer, body, type Json, objectOf, ref, refusals } from "./json.ts";

/** Names of the entity's schemas among the components. */
export interface EntitySchemas {
  readonly row: string;
  readonly insert: string;
  readonly patch: string;
}

/** H-ENT-*: the routes of one entity. */
export function entityPaths(entity: EntityIr, schemas: EntitySchemas): Json {
  const { name } = entity;
  const path = `/api/entities/${name}`;
  const row = ref("schemas", schemas.row);
  const rows = { type: "array", items: row };
  const operation = (verb: string, summary: string, more: Json): Json => ({
    operationId: `${verb}${name}`,
    tags: [name],
    summary,
    ...more,
  });
  const written = { "X-Pylon-Change-Seq": ref("headers", "ChangeSeq") };
  return {
    [path]: {
      get: operation("list", `Rows of ${name} that the caller may read`, {
        parameters: [...["limit", "offset", "order", "q"].map((p) => ref("parameters", p)), sortParameter(entity)],
        responses: {
          200: answer("The rows.", listOf(rows), { "X-Pylon-Truncated": ref("headers", "Truncated") }),
          ...refusals(400, 403),
        },
      }),
      post: operation("insert", `Insert a ${name}`, {
        parameters: [ref("parameters", "idempotencyKey")],
        requestBody: body(ref("schemas", schemas.insert)),
        responses: { 201: answer("Inserted.", objectOf({ id: ID }), written), ...refusals(400, 401, 403, 409) },
      }),
    },
    [`${path}/cursor`]: {
      get: operation("page", `Rows of ${name} after an id, in id order`, {
        parameters: [ref("parameters", "after"), ref("parameters", "pageLimit")],
        responses: { 200: answer("A page.", pageOf(rows)), ...refusals(400, 403) },
      }),
    },
    [`${path}/{id}`]: {
      parameters: [ref("parameters", "id")],
      get: operation("get", `One ${name}`, {
        responses: { 200: answer("The row.", row), ...refusals(403, 404) },
      }),
      patch: operation("update", `Change members of a ${name}`, {
        parameters: [ref("parameters", "idempotencyKey")],
        requestBody: body(ref("schemas", schemas.patch)),
        responses: { 200: answer("Updated.", flag("updated"), written), ...refusals(400, 401, 403, 404, 409) },
      }),
      delete: operation("delete", `Delete a ${name}`, {
        parameters: [ref("parameters", "idempotencyKey")],
        responses: { 200: answer("Deleted.", flag("deleted"), written), ...refusals(401, 403, 404, 409) },
      }),
    },
  };
}

const flag = (name: string): Json => objectOf({ [name]: { const: true } });

const listOf = (rows: Json): Json =>
  objectOf({
    data: rows,
    count: { type: "integer", description: "Rows in this answer." },
    limit: { type: ["integer", "null"], description: "Null when the caller named none." },
    offset: { type: "integer" },
  });

const pageOf = (rows: Json): Json =>
  objectOf({
    data: rows,
    next_cursor: { type: ["string", "null"], description: "Id of the last row, on the last page too." },
    has_more: { type: "boolean" },
  });

function sortParameter(entity: EntityIr): Json {
  const sortable = clientFields(entity).filter(
    ({ type, readable, encrypted }) =>
      type.kind !== "json" && type.kind !== "vector" && readable === null && !encrypted,
  );
  const columns = ["id", ...sortable.map((field) => field.name)];
  return { name: "sort", in: "query", description: "Column to sort by.", schema: { enum: columns, default: "id" } };
}
