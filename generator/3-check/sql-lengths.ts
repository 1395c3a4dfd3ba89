import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr } from "../ir/app.ts";
import { diagnose } from "./diagnose.ts";

/** NAMEDATALEN - 1: Postgres cuts the rest off without a word. */
const SQL_NAME_MAX = 63;

/** SQL_NAME_TOO_LONG: what two engines would call by two names. Entities and fields are ASCII, indexes need not be. */
export function checkSqlLengths(ir: AppIr): Diagnostic[] {
  const names = ir.entities.flatMap((entity) => [
    { what: `the table ${entity.table}`, sql: entity.table, key: entity.origin.key },
    ...entity.fields.map(({ name, origin }) => ({ what: `the column ${name}`, sql: name, key: origin.key })),
    ...entity.indexes.map(({ sqlName, origin }) => ({
      what: `the index \`${sqlName}\``,
      sql: sqlName,
      key: `${origin.key}#name`,
    })),
  ]);
  return names.flatMap(({ what, sql, key }) => {
    const bytes = new TextEncoder().encode(sql).length;
    return bytes <= SQL_NAME_MAX
      ? []
      : [
          diagnose(
            "SQL_NAME_TOO_LONG",
            `${what} has ${bytes} bytes in its name, and Postgres keeps ${SQL_NAME_MAX}`,
            key,
          ),
        ];
  });
}
