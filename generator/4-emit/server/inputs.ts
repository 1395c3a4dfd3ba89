import type { EntityIr, FieldIr } from "../../ir/app.ts";
import { ident, propertyAccess, propertyKey } from "../../text/ident.ts";
import { literal, stringLiteral } from "../../text/literal.ts";
import { isInherited } from "./names.ts";

const READERS = {
  string: "textOf",
  richtext: "textOf",
  id: "textOf",
  int: "intOf",
  float: "floatOf",
  bool: "boolOf",
  datetime: "datetimeFrom",
  json: "jsonOf",
  vector: "vectorOf",
} as const;

/** A function of this module that checks an enum or a vector: `statusOf`. */
export function checkerOf(field: FieldIr): { readonly name: string; readonly text: string } | null {
  const name = `${ident(field.name)}Of`;
  if (field.type.kind === "vector") {
    const text = `const ${name} = (value: unknown, field: string) => vectorOf(value, field, ${field.type.size});`;
    return { name, text };
  }
  if (field.type.kind !== "string" || field.type.values === null || field.type.values.length === 0) return null;
  const text = `const ${name} = (value: unknown, field: string) => oneOf(value, field, ${literal(field.type.values)});`;
  return { name, text };
}

const readerOf = (field: FieldIr): string => checkerOf(field)?.name ?? READERS[field.type.kind];

/** The member of the body, and never one that objects inherit. */
export const member = (body: string, name: string): string =>
  isInherited(name) ? `own(${body}, ${stringLiteral(name)})` : propertyAccess(body, name);

/** `title: given(body.title, textOf, "Todo", "title")`: a member of the new row. */
export const insertMember = (entity: EntityIr, field: FieldIr): string =>
  `${propertyKey(field.name)}: ${insertValue(entity, field)}`;

function insertValue(entity: EntityIr, field: FieldIr): string {
  const given = member("body", field.name);
  const name = stringLiteral(field.name);
  if (field.name === entity.tenantField) return `tenantOf(auth, ${given}, ${name})`;
  if (field.default?.kind === "userId") return `ownerOf(auth, ${given}, ${name})`;
  const fallback = defaultOf(field);
  if (field.readonly || field.hidden) return fallback ?? absent(entity, field);
  const read = readerOf(field);
  if (field.optional) {
    const value = `orNull(${given}, ${read}, ${name})`;
    return fallback === null ? value : `${given} === undefined ? ${fallback} : ${value}`;
  }
  if (fallback !== null) return `${read}(${given} ?? ${fallback}, ${name})`;
  return `given(${given}, ${read}, ${stringLiteral(entity.name)}, ${name})`;
}

/** A column that these routes cannot set: without a default, a required one makes them refuse the row. */
export const absent = (entity: EntityIr, field: FieldIr): string =>
  field.optional
    ? "null"
    : `given(undefined, ${readerOf(field)}, ${stringLiteral(entity.name)}, ${stringLiteral(field.name)})`;

/** `title: kept(patch.title, row.title, textOf, "Todo", "title")`: a member of the patched row; null for what a patch cannot change. */
export function patchMember(entity: EntityIr, field: FieldIr): string | null {
  if (field.readonly || field.hidden) return null;
  const values = `${member("patch", field.name)}, ${propertyAccess("row", field.name)}, ${readerOf(field)}`;
  const name = stringLiteral(field.name);
  const value = field.optional
    ? `keptOrNull(${values}, ${name})`
    : `kept(${values}, ${stringLiteral(entity.name)}, ${name})`;
  return `${propertyKey(field.name)}: ${value}`;
}

export function defaultOf(field: FieldIr): string | null {
  if (field.default === null) return null;
  if (field.default.kind === "value") return literal(field.default.value);
  return field.default.kind === "now" ? "nowOf(app)" : null;
}
