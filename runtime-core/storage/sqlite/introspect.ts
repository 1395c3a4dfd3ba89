import type { SqlConnection } from "../ports.ts";
import type { LiveSchema, LiveTable } from "../schema/schema.ts";

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly notNull: number;
  readonly pk: number;
}

interface IndexRow {
  readonly name: string;
  readonly unique: number;
  readonly origin: "c" | "u" | "pk";
  readonly partial: number;
  /** JSON array; null stands for an expression. */
  readonly columns: string;
}

const TABLES =
  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
const COLUMNS = 'SELECT name, type, "notnull" AS "notNull", pk FROM pragma_table_info(?) ORDER BY cid';
const INDEXES = `SELECT l.name AS name, l."unique" AS "unique", l.origin AS origin, l.partial AS partial,
  (SELECT json_group_array(i.name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) AS columns
  FROM pragma_index_list(?) l ORDER BY l.name`;

/** The tables of an SQLite database, as `connection` sees them. */
export async function introspect(connection: SqlConnection): Promise<LiveSchema> {
  const live = new Map<string, LiveTable>();
  for (const { name } of await connection.all<{ name: string }>(TABLES, []))
    live.set(name, await table(connection, name));
  return live;
}

async function table(connection: SqlConnection, name: string): Promise<LiveTable> {
  const columns = await connection.all<ColumnRow>(COLUMNS, [name]);
  const indexes = (await connection.all<IndexRow>(INDEXES, [name])).map((index) => ({
    ...index,
    unique: index.unique === 1,
    columns: (JSON.parse(index.columns) as (string | null)[]).map((column) => column ?? "(expression)"),
  }));
  const uniqueAlone = (column: string): boolean =>
    indexes.some(
      (i) => i.unique && i.partial === 0 && i.origin !== "pk" && i.columns.length === 1 && i.columns[0] === column,
    );
  return {
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      notNull: column.notNull === 1,
      unique: uniqueAlone(column.name),
      primaryKey: column.pk > 0,
    })),
    indexes: indexes
      .filter((index) => index.origin === "c")
      .map((index) => ({ name: index.name, columns: index.columns, unique: index.unique })),
  };
}
