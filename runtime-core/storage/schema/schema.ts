/** The tables that the app wants, as its generated DDL says. Names are unquoted. */
export interface SchemaDef {
  readonly tables: readonly TableDef[];
  readonly indexes: readonly IndexDef[];
  /** Names this schema in the feed and in the hello of clients. */
  readonly schemaId: string;
}

export interface TableDef {
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  readonly createSql: string;
  /** The table is taken over from this one where only that exists. */
  readonly renamedFrom?: string | null;
}

export interface ColumnDef {
  readonly name: string;
  /** As in `column-types.ts`. */
  readonly type: string;
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
  readonly createSql: string;
}

/** What stands in the file: tables by name. */
export type LiveSchema = ReadonlyMap<string, LiveTable>;

export interface LiveTable {
  readonly columns: readonly Omit<ColumnDef, "renamedFrom">[];
  /** Made by CREATE INDEX; those that a UNIQUE column brings with it show in `columns`. */
  readonly indexes: readonly Omit<IndexDef, "table" | "createSql">[];
}

/** One statement of a schema change. */
export interface Step {
  readonly sql: string;
  /** For people: "column Todo.note". */
  readonly what: string;
}
