/** Tables as values, and how a dialect prints them. The generated schema, the DDL files and the start of a server share it. */
import { type ColumnType, type Dialect, quote } from "./dialect.ts";

/** Names are unquoted. */
export interface TableDef {
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  /** Rows are short and stand in the tree of their ids, where the engine has such tables. Never changed at a table that exists. */
  readonly clustered: boolean;
  /** The table is taken over from this one where only that exists. */
  readonly renamedFrom?: string | null;
}

export interface ColumnDef {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly unique: boolean;
  readonly primaryKey: boolean;
  readonly renamedFrom?: string | null;
}

export interface IndexDef {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

export function createTable({ name, columns, clustered }: TableDef, dialect: Dialect): string {
  const lines = columns.map((column) => `\n  ${columnSql(column, dialect)}`);
  return `CREATE TABLE ${quote(name)} (${lines.join(",")}\n)${clustered ? dialect.clustered : ""}`;
}

/** The same on each dialect. */
export const createIndex = ({ name, table, columns, unique }: IndexDef): string =>
  `CREATE ${unique ? "UNIQUE " : ""}INDEX ${quote(name)} ON ${quote(table)} (${columns.map(quote).join(", ")})`;

const columnSql = ({ name, type, notNull, unique, primaryKey }: ColumnDef, dialect: Dialect): string =>
  [
    quote(name),
    dialect.columnTypes[type],
    primaryKey ? "PRIMARY KEY" : "",
    notNull ? "NOT NULL" : "",
    unique ? "UNIQUE" : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
