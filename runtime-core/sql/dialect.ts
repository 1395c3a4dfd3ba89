/** How SQL text differs between databases; the adapters of `storage` run it. Shared with the generator. */
export type DialectName = "sqlite" | "postgres";

/** What a column holds. Datetimes and ids are text; `json` is text that is never compared; int is 64-bit. */
export type ColumnType = "text" | "json" | "int" | "bool" | "float" | "bytes";

export interface Dialect {
  readonly name: DialectName;
  /** The n-th parameter (from 1): `?` or `$1`. */
  parameter(n: number): string;
  /** As they stand in CREATE TABLE, and as `introspect` of the adapter gives them. */
  readonly columnTypes: Readonly<Record<ColumnType, string>>;
  /** After the columns of a table whose rows stand in the tree of their ids; empty where there is no such thing. */
  readonly clustered: string;
  /** ALTER INDEX … RENAME is known; else an index gets another name by being made again. */
  readonly renamesIndexes: boolean;
}

export const sqlite: Dialect = Object.freeze({
  name: "sqlite",
  parameter: () => "?",
  columnTypes: { text: "TEXT", json: "TEXT", int: "INTEGER", bool: "INTEGER", float: "REAL", bytes: "BLOB" },
  clustered: " WITHOUT ROWID",
  renamesIndexes: false,
});

export const postgres: Dialect = Object.freeze({
  name: "postgres",
  parameter: (n: number) => `$${n}`,
  // Text is compared by bytes on both engines (D21).
  columnTypes: {
    text: 'TEXT COLLATE "C"',
    json: "TEXT",
    int: "BIGINT",
    bool: "BOOLEAN",
    float: "DOUBLE PRECISION",
    bytes: "BYTEA",
  },
  clustered: "",
  renamesIndexes: true,
});

/** A name as SQL, the same on both dialects: always quoted, so no word is reserved and the case is kept. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
