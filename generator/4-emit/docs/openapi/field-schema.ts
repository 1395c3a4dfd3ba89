import type { EntityIr, FieldIr, FieldType } from "../../../ir/app.ts";
import { clientFields, insertFields, isOmittable, patchFields } from "../../client/field-types.ts";
import { type Json, objectOf } from "./json.ts";

export const ID: Json = { type: "string", pattern: "^[0-9a-f]{40}$", description: "40 lower-case hex digits." };

/** A row as the entity's routes answer it: hidden and server-only fields are absent, absent values are null. */
export const rowSchema = (entity: EntityIr): Json =>
  objectOf({
    id: ID,
    ...properties(clientFields(entity), (field) => field.optional || field.readable !== null),
  });

export const insertSchema = (entity: EntityIr): Json => {
  const fields = insertFields(entity);
  return {
    type: "object",
    required: fields.filter((field) => !isOmittable(entity, field)).map((field) => field.name),
    properties: { id: ID, ...properties(fields, (field) => field.optional) },
    additionalProperties: false,
  };
};

export const patchSchema = (entity: EntityIr): Json => ({
  type: "object",
  properties: properties(patchFields(entity), (field) => field.optional),
  additionalProperties: false,
});

const properties = (fields: readonly FieldIr[], isNullable: (field: FieldIr) => boolean): Json =>
  Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, isNullable(field))]));

function fieldSchema(field: FieldIr, isNullable: boolean): Json {
  const { type, ...more } = typeSchema(field.type);
  const nullable = isNullable && type !== undefined;
  const values = nullable && Array.isArray(more.enum) ? { enum: [...more.enum, null] } : {};
  return {
    ...(type === undefined ? {} : { type: nullable ? [type, "null"] : type }),
    ...more,
    ...values,
    ...(field.default?.kind === "value" ? { default: field.default.value } : {}),
    ...(field.readonly ? { readOnly: true } : {}),
    ...descriptionOf(field),
  };
}

function descriptionOf({ readable, encrypted, syncOmit }: FieldIr): Json {
  const notes = [
    readable === null ? "" : "Null for callers who may not read it.",
    encrypted ? "Encrypted where it is stored." : "",
    syncOmit ? "Not part of sync." : "",
  ].filter((note) => note !== "");
  return notes.length === 0 ? {} : { description: notes.join(" ") };
}

function typeSchema(type: FieldType): Json {
  switch (type.kind) {
    case "string":
      return { type: "string", ...(type.values === null || type.values.length === 0 ? {} : { enum: type.values }) };
    case "richtext":
      return { type: "string" };
    case "id":
      return { type: "string", description: `Id of a ${type.target}.` };
    case "datetime":
      return { type: "string", format: "date-time" };
    case "int":
      return { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
    case "float":
      return { type: "number" };
    case "bool":
      return { type: "boolean" };
    case "vector":
      return { type: "array", items: { type: "number" }, minItems: type.size, maxItems: type.size };
    case "json":
      return {};
  }
}
