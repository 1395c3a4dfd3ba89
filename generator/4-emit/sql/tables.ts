import { columnType } from "../../../runtime-core/sql/column-types.ts";
import type { Dialect } from "../../../runtime-core/sql/dialect.ts";
import { quote } from "../../../runtime-core/sql/dialect.ts";
import type { ColumnDef, IndexDef, TableDef } from "../../../runtime-core/storage/schema/schema.ts";
import type { AppIr, EntityIr, FieldIr } from "../../ir/app.ts";
import { byCodeUnit } from "../../text/order.ts";
import { sqlIndexes } from "./indexes.ts";

export interface Table extends TableDef {
  readonly indexes: readonly TableIndex[];
}

export interface TableIndex extends IndexDef {
  /** The declaration that it comes from, for people: `Todo.by_user`. */
  readonly origin: string;
}

/** Every table of the app by name, each with its indexes by name, so that the order of declarations in app.ts does not show. */
export const tables = (ir: AppIr, dialect: Dialect): readonly Table[] =>
  [...ir.entities].sort((a, b) => byCodeUnit(a.table, b.table)).map((entity) => table(entity, dialect));

function table(entity: EntityIr, dialect: Dialect): Table {
  const columns = [idColumn(dialect), ...entity.fields.map((field) => column(field, dialect))];
  const lines = columns.map((def) => `\n  ${columnSql(def)}`);
  return {
    name: entity.table,
    columns,
    createSql: `CREATE TABLE ${quote(entity.table)} (${lines.join(",")}\n)${optionsOf(entity, dialect)}`,
    renamedFrom: entity.renamedFrom,
    indexes: indexes(entity),
  };
}

const idColumn = (dialect: Dialect): ColumnDef => ({
  name: "id",
  type: columnType({ kind: "id" }, dialect),
  notNull: true,
  unique: false,
  primaryKey: true,
});

const column = (field: FieldIr, dialect: Dialect): ColumnDef => ({
  name: field.name,
  type: columnType(field.type, dialect),
  notNull: !field.optional,
  unique: field.unique,
  primaryKey: false,
  renamedFrom: field.renamedFrom,
});

const columnSql = ({ name, type, notNull, unique, primaryKey }: ColumnDef): string =>
  [quote(name), type, primaryKey ? "PRIMARY KEY" : "", notNull ? "NOT NULL" : "", unique ? "UNIQUE" : ""]
    .filter((part) => part !== "")
    .join(" ");

/** A row of these is long, and long rows make the one tree of a table without rowid deep. */
const LONG = new Set<FieldIr["type"]["kind"]>(["richtext", "json", "vector"]);

/** Short rows stand in the tree of their ids: a write touches one tree instead of two, and pages in id order come out of it. */
const optionsOf = (entity: EntityIr, dialect: Dialect): string =>
  dialect.name === "sqlite" && !entity.fields.some(({ type }) => LONG.has(type.kind)) ? " WITHOUT ROWID" : "";

const indexes = (entity: EntityIr): readonly TableIndex[] =>
  sqlIndexes(entity)
    .map(({ name, columns, unique, origin }) => ({
      name,
      table: entity.table,
      columns,
      unique,
      createSql: `CREATE ${unique ? "UNIQUE " : ""}INDEX ${quote(name)} ON ${quote(entity.table)} (${columns.map(quote).join(", ")})`,
      origin,
    }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
