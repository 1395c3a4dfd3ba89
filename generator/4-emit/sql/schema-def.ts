import { createHash } from "node:crypto";
import { type ColumnDef, createTable } from "../../../runtime-core/sql/ddl.ts";
import { sqlite } from "../../../runtime-core/sql/dialect.ts";
import type { SchemaDef } from "../../../runtime-core/storage/schema/schema.ts";
import type { AppIr, EntityIr } from "../../ir/app.ts";
import type { OutFile } from "../../ir/out-file.ts";
import { byCodeUnit } from "../../text/order.ts";
import { render } from "../../text/render.ts";
import { projection } from "../server/projection.ts";
import { layout, type Plain } from "./layout.ts";
import { tables } from "./tables.ts";

const ID_DIGITS = 16;

/** The tables that a server of this app wants in its database. */
export function schemaDef(ir: AppIr): SchemaDef {
  const all = tables(ir);
  return {
    tables: all.map(({ indexes: _, ...table }) => table),
    indexes: all.flatMap(({ indexes }) => indexes.map(({ origin: _, ...index }) => index)),
    schemaId: schemaId(ir),
  };
}

/**
 * Names what clients and the rows of the feed must agree on: the tables, what their values mean, and what is kept of them in the feed.
 * Who may see them is not part of it, nor are indexes.
 */
export function schemaId(ir: AppIr): string {
  const ddl = tables(ir).map((table) => createTable(table, sqlite));
  const meaning = [...ir.entities].sort((a, b) => byCodeUnit(a.name, b.name)).map(meaningOf);
  return createHash("sha256")
    .update(JSON.stringify([ddl, meaning]))
    .digest("hex")
    .slice(0, ID_DIGITS);
}

const meaningOf = (entity: EntityIr) => [
  entity.name,
  entity.sync.kind,
  entity.fields.map(({ name, type, serverOnly, syncOmit, crdt, encrypted }) => ({
    name,
    type,
    serverOnly,
    syncOmit,
    crdt,
    encrypted,
  })),
  ...fedColumns(entity),
];

/** Columns of a feed row, and those of them that are sent. */
function fedColumns(entity: EntityIr): readonly (readonly string[])[] {
  const { fed, synced } = projection(entity);
  return [fed, synced].map((fields) => fields.map(({ name }) => name).sort(byCodeUnit));
}

/** `_generated/server/schema.ts`. */
export function schemaModule(ir: AppIr): OutFile {
  const { tables, indexes, schemaId } = schemaDef(ir);
  const plain: Plain = {
    tables: tables.map(({ name, columns, clustered, renamedFrom }) => ({
      name,
      columns: columns.map(columnLiteral),
      clustered,
      ...renamed(renamedFrom),
    })),
    indexes: indexes.map(({ name, table, columns, unique }) => ({ name, table, columns, unique })),
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
