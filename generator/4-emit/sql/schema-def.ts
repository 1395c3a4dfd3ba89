import { createHash } from "node:crypto";
import { sqlite } from "../../../runtime-core/sql/dialect.ts";
import type { ColumnDef, SchemaDef } from "../../../runtime-core/storage/schema/schema.ts";
import type { AppIr, EntityIr } from "../../ir/app.ts";
import type { OutFile } from "../../ir/out-file.ts";
import { byCodeUnit } from "../../text/order.ts";
import { render } from "../../text/render.ts";
import { layout, type Plain } from "./layout.ts";
import { tables } from "./tables.ts";

const ID_DIGITS = 16;

/** The tables that a server of this app wants in its SQLite file. */
export function schemaDef(ir: AppIr): SchemaDef {
  const all = tables(ir, sqlite);
  return {
    tables: all.map(({ indexes: _, ...table }) => table),
    indexes: all.flatMap(({ indexes }) => indexes.map(({ origin: _, ...index }) => index)),
    schemaId: schemaId(ir),
  };
}

/** Names what a client must agree on: the tables and what their values mean. Who may see them is not part of it. */
export function schemaId(ir: AppIr): string {
  const ddl = tables(ir, sqlite).map((table) => [table.createSql, ...table.indexes.map(({ createSql }) => createSql)]);
  const meaning = [...ir.entities].sort((a, b) => byCodeUnit(a.name, b.name)).map(meaningOf);
  return createHash("sha256")
    .update(JSON.stringify([ddl, meaning]))
    .digest("hex")
    .slice(0, ID_DIGITS);
}

const meaningOf = (entity: EntityIr) => [
  entity.name,
  entity.sync.kind,
  entity.fields.map(({ name, type, serverOnly, syncOmit, crdt }) => ({ name, type, serverOnly, syncOmit, crdt })),
];

/** `_generated/server/schema.ts`. */
export function schemaModule(ir: AppIr): OutFile {
  const { tables, indexes, schemaId } = schemaDef(ir);
  const plain: Plain = {
    tables: tables.map(({ name, columns, createSql, renamedFrom }) => ({
      name,
      columns: columns.map(columnLiteral),
      createSql,
      ...renamed(renamedFrom),
    })),
    indexes: indexes.map(({ name, table, columns, unique, createSql }) => ({
      name,
      table,
      columns,
      unique,
      createSql,
    })),
    schemaId,
  };
  const schema = layout(plain, 0, "export const schema: SchemaDef = ;".length);
  return { path: "_generated/server/schema.ts", text: render("sql/schema", { from: "app.ts", schema }) };
}

const columnLiteral = ({ name, type, notNull, unique, primaryKey, renamedFrom }: ColumnDef) => ({
  name,
  type,
  notNull,
  unique,
  primaryKey,
  ...renamed(renamedFrom),
});

const renamed = (from: string | null | undefined): Readonly<Record<string, string>> =>
  from == null ? {} : { renamedFrom: from };
