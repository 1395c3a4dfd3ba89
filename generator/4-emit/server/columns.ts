import type { EntityIr, FieldIr, FieldType } from "../../ir/app.ts";
import { propertyKey } from "../../text/ident.ts";
import { stringLiteral } from "../../text/literal.ts";
import { columnsType, rowType } from "./names.ts";

/** How each kind of field is typed in a row, stored in SQLite, and printed in JSON by SQLite. */
interface Codec {
  readonly type: string;
  /** Type of the SQLite value where it differs. */
  readonly stored: string | null;
  /** Row value to parameter. */
  readonly save: (value: string, optional: boolean) => string;
  /** Column to row value. */
  readonly load: (value: string, optional: boolean) => string;
  /** SQL for `json_object`. */
  readonly json: (column: string, optional: boolean) => string;
}

const same = (value: string): string => value;
const plain = (type: string): Codec => ({ type, stored: null, save: same, load: same, json: (column) => column });

const TEXT = plain("string");
const NUMBER = plain("number");

const BOOL: Codec = {
  type: "boolean",
  stored: "number",
  save: (value, optional) => (optional ? `bit(${value})` : `${value} ? 1 : 0`),
  load: (value, optional) => (optional ? `flag(${value})` : `${value} === 1`),
  // `json()` marks the text as JSON, so that it is not quoted; of NULL it is NULL.
  json: (column, optional) =>
    optional
      ? `json(CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`
      : `json(iif(${column}, 'true', 'false'))`,
};

const DATETIME: Codec = { ...TEXT, json: (column) => `replace(${column}, '.000Z', 'Z')` };

const JSON_TEXT: Codec = {
  type: "unknown",
  stored: "string",
  save: (value, optional) => `${optional ? "saveJson" : "JSON.stringify"}(${value})`,
  load: (value, optional) => `${optional ? "loadJson" : "JSON.parse"}(${value})`,
  json: (column) => `json(${column})`,
};

const CODECS: Readonly<Record<FieldType["kind"], Codec>> = {
  string: TEXT,
  richtext: TEXT,
  id: TEXT,
  int: NUMBER,
  float: NUMBER,
  bool: BOOL,
  datetime: DATETIME,
  json: JSON_TEXT,
  vector: JSON_TEXT,
};

const codecOf = (field: FieldIr): Codec => CODECS[field.type.kind];

const valuesOf = (field: FieldIr): readonly string[] | null =>
  field.type.kind === "string" && field.type.values !== null && field.type.values.length > 0 ? field.type.values : null;

/** `title: string`, `note: string | null`, as a member of the row type. */
export function rowMember(field: FieldIr): string {
  const values = valuesOf(field);
  const type = values === null ? codecOf(field).type : values.map(stringLiteral).join(" | ");
  return `readonly ${propertyKey(field.name)}: ${type}${field.optional && type !== "unknown" ? " | null" : ""}`;
}

/** Fields whose SQLite value has another type than the row's. */
export const storedOtherwise = (entity: EntityIr): readonly FieldIr[] =>
  entity.fields.filter((field) => codecOf(field).stored !== null);

/** Type of a row as SQLite gives it: `TodoColumns`, or the row type itself where nothing differs. */
export const columnsOf = (entity: EntityIr): string =>
  storedOtherwise(entity).length === 0 ? rowType(entity) : columnsType(entity);

export const storedMember = (field: FieldIr): string =>
  `readonly ${propertyKey(field.name)}: ${codecOf(field).stored}${field.optional ? " | null" : ""}`;

export const saved = (field: FieldIr, value: string): string => codecOf(field).save(value, field.optional);
export const loaded = (field: FieldIr, value: string): string => codecOf(field).load(value, field.optional);

/** `'title', "title"`: a pair for `json_object`. */
export const jsonPair = (field: FieldIr): string =>
  `'${field.name.replaceAll("'", "''")}', ${codecOf(field).json(`"${field.name}"`, field.optional)}`;
