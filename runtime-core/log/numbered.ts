import type { Dialect } from "../sql/dialect.ts";

/** The statement with each `?` as this database writes its parameters. For constant texts without a `?` in a literal. */
export function numbered(dialect: Dialect, sql: string): string {
  let n = 0;
  return sql.replace(/\?/g, () => {
    n += 1;
    return dialect.parameter(n);
  });
}
