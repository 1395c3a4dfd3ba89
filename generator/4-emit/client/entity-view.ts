import type { EntityIr, FieldIr } from "../../ir/app.ts";
import { ident, propertyKey } from "../../text/ident.ts";
import type { ImportSet } from "../../text/import-set.ts";
import { literal, stringLiteral } from "../../text/literal.ts";
import type { ClientEntityView, ClientMember } from "../../text/views.ts";
import {
  clientFields,
  filterOf,
  insertFields,
  isOmittable,
  newValue,
  orNull,
  patchFields,
  rowFields,
  valueType,
} from "./field-types.ts";
import { arrayText, typeArguments, unionAlias } from "./layout.ts";
import { capital, type Names } from "./names.ts";

export interface EntityTypes {
  readonly row: string;
  readonly insert: string;
  readonly patch: string;
  readonly where: string;
  readonly order: string;
}

/** Everything the entity declares, named before anything is printed, since imports must keep off these names. */
export interface EntityNames {
  readonly entity: EntityIr;
  readonly types: EntityTypes;
  readonly binding: string;
  readonly enums: ReadonlyMap<string, string>;
}

export function entityNames(entity: EntityIr, row: string, names: Names): EntityNames {
  const types = {
    row,
    insert: names.take(`${row}Insert`),
    patch: names.take(`${row}Patch`),
    where: names.take(`${row}Where`),
    order: names.take(`${row}Order`),
  };
  const enums = clientFields(entity).flatMap((field) =>
    valuesOf(field) === null ? [] : [[field.name, names.take(ident(row + capital(field.name)))] as const],
  );
  return { entity, types, binding: names.take(ident(entity.file)), enums: new Map(enums) };
}

const valuesOf = (field: FieldIr): readonly string[] | null =>
  field.type.kind === "string" && field.type.values !== null && field.type.values.length > 0 ? field.type.values : null;

export const enumTexts = ({ entity, enums }: EntityNames): { text: string }[] =>
  clientFields(entity).flatMap((field) => {
    const name = enums.get(field.name);
    const values = valuesOf(field);
    return name === undefined || values === null ? [] : [{ text: unionAlias(name, values.map(stringLiteral)) }];
  });

export function entityView({ entity, types, binding, enums }: EntityNames, imports: ImportSet): ClientEntityView {
  const typeOf = (field: FieldIr) => valueType(field, enums.get(field.name) ?? null);
  const member = (name: string, type: string, isOptional: boolean, comment = ""): ClientMember => ({
    text: `${propertyKey(name)}${isOptional ? "?" : ""}: ${type}`,
    comment,
  });
  const rows = rowFields(entity);
  const synced = entity.sync.kind !== "none";
  const newRow = rows.map((field) => ({ text: assignment(field.name, newValue(entity, field)) }));
  const key = propertyKey(entity.name);
  return {
    name: entity.name,
    key,
    types,
    binding,
    synced,
    row: [
      member("id", "string", false),
      ...rows.map((field) =>
        member(
          field.name,
          orNull(typeOf(field), field.optional || field.readable !== null),
          false,
          commentOf(entity, field),
        ),
      ),
    ],
    insert: [
      member("id", "string", true),
      ...insertFields(entity).map((field) =>
        member(field.name, orNull(typeOf(field), field.optional), isOmittable(entity, field)),
      ),
    ],
    patch: patchFields(entity).map((field) => member(field.name, orNull(typeOf(field), field.optional), true)),
    where: synced ? filters(rows, enums, imports) : [],
    order: synced ? orders(rows, imports) : [],
    datetimes: datetimesText(rows),
    parameters: parametersOf(newRow.map(({ text }) => text)),
    newRow: [{ text: "id" }, ...newRow],
    def: synced ? defType(binding, types, imports) : "",
    made: synced ? `core.entity(${binding})` : `core.remote(${literal(entity.name)})`,
    handle: handleType(key, types, synced, imports),
  };
}

function commentOf(entity: EntityIr, field: FieldIr): string {
  if (field.readable !== null) return "Null for callers who may not read it.";
  if (field.name === entity.ownerField) return "The server stamps the caller's id.";
  if (field.name === entity.tenantField) return "The server stamps the caller's tenant.";
  return "";
}

function filters(rows: readonly FieldIr[], enums: ReadonlyMap<string, string>, imports: ImportSet): ClientMember[] {
  const text = imports.addType("pylon/client", "TextFilter");
  const members = rows.flatMap((field) => {
    const filter = filterOf(field);
    if (filter === null) return [];
    const values = enums.get(field.name);
    const type = imports.addType("pylon/client", filter);
    return [
      { text: `${propertyKey(field.name)}?: ${values === undefined ? type : `${type}<${values}>`}`, comment: "" },
    ];
  });
  return [{ text: `id?: ${text}`, comment: "" }, ...members];
}

function orders(rows: readonly FieldIr[], imports: ImportSet): ClientMember[] {
  const direction = imports.addType("pylon/client", "Direction");
  const sortable = rows.filter((field) => filterOf(field) !== null).map((field) => field.name);
  return ["id", ...sortable].map((name) => ({ text: `${propertyKey(name)}?: ${direction}`, comment: "" }));
}

function datetimesText(rows: readonly FieldIr[]): string {
  const names = rows.filter((field) => field.type.kind === "datetime").map((field) => stringLiteral(field.name));
  return arrayText(names, 2, "datetimes: ,".length);
}

/** Shorthand where the formatter would leave it, else `key: value`. */
const assignment = (name: string, value: string): string => `${propertyKey(name)}: ${value}`;

function parametersOf(lines: readonly string[]): string {
  if (lines.some((line) => line.includes("stamp."))) return "id, values, stamp";
  return lines.some((line) => /\bvalues[.[]/.test(line)) ? "id, values" : "id";
}

function defType(binding: string, types: EntityTypes, imports: ImportSet): string {
  const place = { column: 0, before: `const ${binding}: `, after: " = {" };
  return typeArguments(imports.addType("pylon/client", "EntityDef"), [types.row, types.insert], place);
}

function handleType(key: string, types: EntityTypes, synced: boolean, imports: ImportSet): string {
  const name = imports.addType("pylon/client", synced ? "Entity" : "RemoteEntity");
  const { row, insert, patch, where, order } = types;
  const args = synced ? [row, insert, patch, where, order] : [row, insert, patch];
  return typeArguments(name, args, { column: 2, before: `readonly ${key}: `, after: ";" });
}
