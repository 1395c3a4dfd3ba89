import { columnType } from "../../../runtime-core/sql/column-types.ts";
import type { ColumnDef, IndexDef, TableDef } from "../../../runtime-core/sql/ddl.ts";
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
export const tables = (ir: AppIr): readonly Table[] =>
  [...ir.entities].sort((a, b) => byCodeUnit(a.table, b.table)).map(table);

const table = (entity: EntityIr): Table => ({
  name: entity.table,
  columns: [ID, ...entity.fields.map(column)],
  clustered: !entity.fields.some(({ type }) => LONG.has(type.kind)),
  renamedFrom: entity.renamedFrom,
  indexes: indexes(entity),
});

const ID: ColumnDef = {
  name: "id",
  type: columnType({ kind: "id" }),
  notNull: true,
  unique: false,
  primaryKey: true,
};

const column = (field: FieldIr): ColumnDef => ({
  name: field.name,
  type: columnType(field.type),
  notNull: !field.optional,
  unique: field.unique,
  primaryKey: false,
  renamedFrom: field.renamedFrom,
});

/**
 * A row of these is long, and long rows make the one tree of a clustered table deep. Short rows are clustered: a write touches one
 * tree instead of two, and pages in id order come out of it.
 */
const LONG = new Set<FieldIr["type"]["kind"]>(["richtext", "json", "vector"]);

const indexes = (entity: EntityIr): readonly TableIndex[] =>
  sqlIndexes(entity)
    .map((index) => ({ ...index, table: entity.table }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
