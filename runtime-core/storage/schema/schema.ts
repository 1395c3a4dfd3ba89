import type { ColumnDef, IndexDef, TableDef } from "../../sql/ddl.ts";

/** The tables that the app wants. No SQL stands in it: a dialect prints it. */
export interface SchemaDef {
  readonly tables: readonly TableDef[];
  readonly indexes: readonly IndexDef[];
  /** Names this schema in the feed and in the hello of clients. */
  readonly schemaId: string;
}

/** What stands in the database: tables by name. */
export type LiveSchema = ReadonlyMap<string, LiveTable>;

export interface LiveTable {
  readonly columns: readonly LiveColumn[];
  /** Made by CREATE INDEX; those that a UNIQUE column brings with it show in `columns`. */
  readonly indexes: readonly LiveIndex[];
}

export interface LiveColumn extends Pick<ColumnDef, "name" | "notNull" | "unique" | "primaryKey"> {
  /** As the dialect writes it (`Dialect.columnTypes`); case does not count. */
  readonly type: string;
}

export type LiveIndex = Omit<IndexDef, "table">;

/** One step of a schema change. `print.ts` says it in SQL and in words. */
export type Step =
  | { readonly kind: "renameTable"; readonly from: string; readonly to: string }
  | { readonly kind: "renameColumn"; readonly table: string; readonly from: string; readonly to: string }
  | { readonly kind: "createTable"; readonly table: TableDef }
  /** An optional column. That its values are unique is a step of its own: SQLite cannot add a UNIQUE column. */
  | { readonly kind: "addColumn"; readonly table: string; readonly column: ColumnDef }
  | { readonly kind: "addUnique"; readonly table: string; readonly column: string }
  | { readonly kind: "createIndex"; readonly index: IndexDef }
  | { readonly kind: "renameIndex"; readonly from: string; readonly index: IndexDef }
  | { readonly kind: "dropTable"; readonly table: string };
