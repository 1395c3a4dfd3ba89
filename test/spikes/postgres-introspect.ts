import type { SqlConnection } from "../../runtime-core/storage/ports.ts";
import type { LiveSchema } from "../../runtime-core/storage/schema/schema.ts";

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
}

interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: boolean;
  readonly partial: boolean;
  readonly primary: boolean;
  /** Behind a UNIQUE or PRIMARY KEY of the table. */
  readonly constraint: boolean;
  readonly columns: readonly string[];
}

/** `type` as `Dialect.columnTypes` writes it; the collation stands beside the type in the catalogue. */
const COLUMNS = `SELECT t.relname AS "table", a.attname AS name, a.attnotnull AS "notNull",
    upper(format_type(a.atttypid, a.atttypmod)) || CASE WHEN c.collname = 'C' THEN ' COLLATE "C"' ELSE '' END AS type
  FROM pg_class t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_collation c ON c.oid = a.attcollation
  WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
  ORDER BY t.relname, a.attnum`;
const INDEXES = `SELECT t.relname AS "table", i.relname AS name, x.indisunique AS "unique", x.indpred IS NOT NULL AS partial,
    x.indisprimary AS "primary", EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u')) AS "constraint",
    ARRAY(
      SELECT coalesce(a.attname::text, '(expression)') FROM unnest(x.indkey::int[]) WITH ORDINALITY AS k(attnum, place)
      LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum ORDER BY k.place
    ) AS columns
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid
  WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
  ORDER BY i.relname`;

/** The tables of the current schema, as `connection` sees them. */
export async function introspectPostgres(connection: SqlConnection): Promise<LiveSchema> {
  const columns = await connection.all<ColumnRow>(COLUMNS, []);
  const indexes = await connection.all<IndexRow>(INDEXES, []);
  const names = [...new Set(columns.map(({ table }) => table))];
  return new Map(
    names.map((table) => {
      const own = indexes.filter((index) => index.table === table);
      const primary = own.find((index) => index.primary)?.columns ?? [];
      const uniqueAlone = (name: string): boolean =>
        own.some((i) => i.unique && !i.partial && !i.primary && i.columns.length === 1 && i.columns[0] === name);
      return [
        table,
        {
          columns: columns
            .filter((column) => column.table === table)
            .map(({ name, type, notNull }) => ({
              name,
              type,
              notNull,
              unique: uniqueAlone(name),
              primaryKey: primary.includes(name),
            })),
          indexes: own
            .filter((index) => !index.constraint)
            .map(({ name, columns: of, unique }) => ({ name, columns: of, unique })),
        },
      ];
    }),
  );
}
