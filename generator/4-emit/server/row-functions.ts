import type { EntityIr, FieldIr } from "../../ir/app.ts";
import { propertyAccess, propertyKey } from "../../text/ident.ts";
import { stringLiteral } from "../../text/literal.ts";
import { columnsOf, loaded, saved, storedOtherwise } from "./columns.ts";
import { insertMember, member, patchMember } from "./inputs.ts";
import { rowType } from "./names.ts";

export const object = (members: readonly string[], indent: string): string =>
  `{\n${members.map((member) => `${indent}  ${member},\n`).join("")}${indent}}`;

/** `fromColumns`, where SQLite's values differ from the row's; null where they do not. */
export function fromColumns(entity: EntityIr): string | null {
  const fields = entity.fields.filter((field) => storedOtherwise(entity).includes(field) || field.encrypted);
  if (fields.length === 0) return null;
  const parts = fields.map((field) => {
    const column = propertyAccess("columns", field.name);
    return `${propertyKey(field.name)}: ${field.encrypted ? `open(app, ${column})` : loaded(field, column)}`;
  });
  const members = ["...columns", ...parts];
  const oneLine = `{ ${members.join(", ")} }`;
  const parameters = `${hasEncrypted(entity) ? "app: App, " : ""}columns: ${columnsOf(entity)}`;
  return `const fromColumns = (${parameters}): ${rowType(entity)} => (${oneLine.length <= 60 ? oneLine : object(members, "")});`;
}

export const hasEncrypted = (entity: EntityIr): boolean => entity.fields.some((field) => field.encrypted);

/** `toArgs`: the values of INSERT and UPDATE in the order of the columns after `id`. */
export function toArgs(entity: EntityIr): string {
  const values = entity.fields.map((field) => {
    const value = propertyAccess("row", field.name);
    return field.encrypted ? `seal(app, ${value})` : saved(field, value);
  });
  const parameters = `${hasEncrypted(entity) ? "app: App, " : ""}row: ${rowType(entity)}`;
  return `const toArgs = (${parameters}): Args => [${values.join(", ")}];`;
}

/** `newRow`: shape, types, stamps and defaults of a new row (H-ENT-INSERT). */
export function newRow(entity: EntityIr): string {
  const members = entity.fields.map((field) => insertMember(entity, field));
  const lines = ["id: body.id === undefined ? app.newId() : clientId(body.id)", ...members];
  const usesAuth = members.some((member) => /\bauth\b/.test(member));
  return (
    `/** Shape, types and defaults of a new ${entity.name}. */\n` +
    `function newRow(app: App, ${usesAuth ? "auth" : "_auth"}: Auth, body: JsonObject): ${rowType(entity)} {\n` +
    `  checkColumns(body);\n${readonlyChecks(entity)}  return ${object(lines, "  ")};\n}`
  );
}

/** `.readonly()` without an owner's or tenant's meaning: nobody sets it through the entity's routes. */
const isRefusedOnInsert = (entity: EntityIr, field: FieldIr): boolean =>
  field.readonly && !field.hidden && field.default?.kind !== "userId" && field.name !== entity.tenantField;

const refusals = (fields: readonly FieldIr[], body: string): string =>
  fields
    .map(
      (field) =>
        `  if (${member(body, field.name)} !== undefined) throw readonlyField(${stringLiteral(field.name)});\n`,
    )
    .join("");

const readonlyChecks = (entity: EntityIr): string =>
  refusals(
    entity.fields.filter((field) => isRefusedOnInsert(entity, field)),
    "body",
  );

/** `patched`: the row after a PATCH. */
export function patched(entity: EntityIr): string {
  const members = entity.fields.map((field) => patchMember(entity, field)).filter((member) => member !== null);
  const refused = refusals(
    entity.fields.filter((field) => field.readonly && !field.hidden),
    "patch",
  );
  return (
    `/** The row after a patch: what is absent stays, null clears. */\n` +
    `function patched(row: ${rowType(entity)}, patch: JsonObject): ${rowType(entity)} {\n  checkColumns(patch);\n${refused}` +
    `  return ${object(["...row", ...members], "  ")};\n}`
  );
}

/** `checkColumns`: refuses what is no column, by the wire's words. */
export const checkColumns = (entity: EntityIr): string =>
  "function checkColumns(body: JsonObject): void {\n" +
  `  for (const key in body) if (!FIELDS.has(key)) throw invalidColumn(${stringLiteral(entity.name)}, key, COLUMNS);\n}`;
