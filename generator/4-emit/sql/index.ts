export { schemaDef, schemaId, schemaModule } from "./schema-def.ts";

import { POSTGRES_FUNCTIONS } from "../../../runtime-core/sql/coerce-postgres.ts";
import { createIndex, createTable } from "../../../runtime-core/sql/ddl.ts";
import { type Dialect, postgres, sqlite } from "../../../runtime-core/sql/dialect.ts";
import type { AppIr } from "../../ir/app.ts";
import type { OutFile } from "../../ir/out-file.ts";
import { render } from "../../text/render.ts";
import { comparesLoosely } from "./loose.ts";
import { tables } from "./tables.ts";

/** The tables of the app as DDL for people and for tools: `_generated/sql/sqlite.sql` and `postgres.sql`. */
export const emitSql = (ir: AppIr): OutFile[] => [
  { path: "_generated/sql/sqlite.sql", text: ddl(ir, sqlite, "") },
  { path: "_generated/sql/postgres.sql", text: ddl(ir, postgres, comparesLoosely(ir) ? POSTGRES_FUNCTIONS : "") },
];

const ddl = (ir: AppIr, dialect: Dialect, functions: string): string =>
  render("sql/ddl", {
    from: "app.ts",
    functions,
    tables: tables(ir).map((table) => ({
      name: table.name,
      createSql: createTable(table, dialect),
      indexes: table.indexes.map((index) => ({ origin: index.origin, createSql: createIndex(index) })),
    })),
  });
