import type { DefaultIr, EntityIr, FieldIr } from "../../ir/app.ts";
import { propertyAccess } from "../../text/ident.ts";
import { literal } from "../../text/literal.ts";

/** TypeScript of a field's value when it is not null. `enumName`: the alias of its values, if it has them. */
export function valueType(field: FieldIr, enumName: string | null): string {
  switch (field.type.kind) {
    case "string":
      return enumName ?? "string";
    case "richtext":
    case "datetime":
    case "id":
      return "string";
    case "int":
    case "float":
      return "number";
    case "bool":
      return "boolean";
    case "vector":
      return "readonly number[]";
    case "json":
      return "unknown";
  }
}

/** `| null` where the value may be; `unknown` includes it. */
export const orNull = (type: string, isNullable: boolean): string =>
  isNullable && type !== "unknown" ? `${type} | null` : type;

export type FilterName = "TextFilter" | "NumberFilter" | "BoolFilter" | "DateFilter";

/** The filter that fits the field, or null when lists cannot filter by it. */
export function filterOf(field: FieldIr): FilterName | null {
  if (field.encrypted) return null;
  switch (field.type.kind) {
    case "string":
    case "richtext":
    case "id":
      return "TextFilter";
    case "int":
    case "float":
      return "NumberFilter";
    case "bool":
      return "BoolFilter";
    case "datetime":
      return "DateFilter";
    case "vector":
    case "json":
      return null;
  }
}

/** Fields that clients hear of at all. */
export const clientFields = (entity: EntityIr): FieldIr[] =>
  entity.fields.filter((field) => !field.serverOnly && !field.hidden);

/** Fields of the rows that clients hold. */
export const rowFields = (entity: EntityIr): FieldIr[] =>
  clientFields(entity).filter((field) => !field.syncOmit || entity.sync.kind === "none");

export const insertFields = (entity: EntityIr): FieldIr[] => clientFields(entity).filter((field) => !field.readonly);

/** The tenant of a row is the server's business once it is there. */
export const patchFields = (entity: EntityIr): FieldIr[] =>
  insertFields(entity).filter((field) => field.name !== entity.tenantField);

/** Whether an insert may leave the field out. */
export const isOmittable = (entity: EntityIr, field: FieldIr): boolean =>
  field.optional || field.default !== null || field.name === entity.ownerField || field.name === entity.tenantField;

/** The field's value in a row that the client shows before the server has answered: an expression over `values` and `stamp`. */
export function newValue(entity: EntityIr, field: FieldIr): string {
  const fallback = fallbackOf(entity, field);
  if (field.readonly) return fallback ?? (field.optional ? "null" : emptyOf(field));
  const given = propertyAccess("values", field.name);
  if (fallback === null) return field.optional ? `${given} ?? null` : given;
  // A null that is given stays null where the field may be null.
  return field.optional ? `${given} === undefined ? ${fallback} : ${given}` : `${given} ?? ${fallback}`;
}

function fallbackOf(entity: EntityIr, field: FieldIr): string | null {
  if (field.name === entity.ownerField) return "stamp.userId";
  if (field.name === entity.tenantField) return "stamp.tenantId";
  return field.default === null ? null : defaultText(field.default);
}

function defaultText(value: DefaultIr): string {
  switch (value.kind) {
    case "value":
      return literal(value.value);
    case "now":
      return "stamp.now";
    case "userId":
      return "stamp.userId";
  }
}

/** A required field that only functions of the server may set: no insert from here succeeds, so the value is never seen. */
function emptyOf(field: FieldIr): string {
  switch (field.type.kind) {
    case "int":
    case "float":
      return "0";
    case "bool":
      return "false";
    case "json":
      return "null";
    case "vector":
      return "[]";
    case "string":
      return literal(field.type.values?.[0] ?? "");
    default:
      return '""';
  }
}
