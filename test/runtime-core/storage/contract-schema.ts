import { expect } from "vitest";
import type { ColumnDef, IndexDef, TableDef } from "../../../runtime-core/sql/ddl.ts";
import type { ColumnType } from "../../../runtime-core/sql/dialect.ts";
import { applySchema } from "../../../runtime-core/storage/schema/apply.ts";
import type { SchemaDef } from "../../../runtime-core/storage/schema/schema.ts";
import type { Bench } from "./contract.ts";

const ID: ColumnDef = { name: "id", type: "text", notNull: true, unique: false, primaryKey: true };
const column = (name: string, type: ColumnType, over: Partial<ColumnDef> = {}): ColumnDef => ({
  ...{ name, type, notNull: false, unique: false, primaryKey: false },
  ...over,
});
const COLUMNS: readonly ColumnDef[] = [
  ID,
  column("title", "text", { notNull: true }),
  column("mail", "text", { unique: true }),
  column("n", "int"),
  column("done", "bool", { notNull: true }),
  column("x", "float"),
  column("meta", "json"),
  column("bytes", "bytes"),
];
const table = (name: string, columns = COLUMNS, over: Partial<TableDef> = {}): TableDef => ({
  ...{ name, columns, clustered: true },
  ...over,
});
const index = (name: string, of: string, columns: readonly string[], unique = false): IndexDef => ({
  ...{ name, table: of, columns, unique },
});
const FIRST: SchemaDef = {
  tables: [table("Thing"), table("order", [ID, column("n", "int")], { clustered: false })],
  indexes: [index("Thing_by_title", "Thing", ["title", "id"]), index("Thing_pair", "Thing", ["n", "x"], true)],
  schemaId: "first",
};

/** `introspect`, and the schema that a dialect prints. */
export function schemaContract({ it, db }: Bench): void {
  const apply = async (schema: SchemaDef, fresh = false) =>
    (await applySchema(db(), schema, { devMode: true, fresh })).created;

  it("introspects what a schema made, so that nothing is left to do", async () => {
    expect(await apply(FIRST)).toEqual(["table Thing", "table order", "index Thing_by_title", "index Thing_pair"]);
    expect(await apply(FIRST)).toEqual([]);
    const thing = (await db().introspect()).get("Thing");
    const types = db().dialect.columnTypes;
    expect(thing?.columns).toEqual(
      COLUMNS.map(({ name, type, notNull, unique, primaryKey }) => ({
        ...{ name, type: types[type], notNull, unique, primaryKey },
      })),
    );
    expect(thing?.indexes).toEqual([
      { name: "Thing_by_title", columns: ["title", "id"], unique: false },
      { name: "Thing_pair", columns: ["n", "x"], unique: true },
    ]);
  });

  it("introspects inside of the unit that changes the schema", async () => {
    const inside = await db().write(async (unit) => {
      await unit.run("CREATE TABLE contract_new (id TEXT)", []);
      return [...(await db().introspect(unit)).keys()];
    });
    expect(inside).toEqual(["contract_new", "contract_row"]);
  });

  it("adds and renames tables, columns and indexes, and keeps the rows", async () => {
    await apply(FIRST);
    const insert = `INSERT INTO "Thing" (id, title, done, n) VALUES ('a', 'one', ${db().dialect.name === "sqlite" ? 1 : true}, 5)`;
    await db().write((unit) => unit.run(insert, []));
    const renamed = COLUMNS.map((of) => (of.name === "n" ? { ...of, name: "number", renamedFrom: "n" } : of));
    const next: SchemaDef = {
      tables: [
        table("Item", [...renamed, column("note", "text"), column("code", "int", { unique: true })], {
          renamedFrom: "Thing",
        }),
        table("Tag"),
      ],
      indexes: [
        index("Item_by_title", "Item", ["title", "id"]),
        index("Item_pair", "Item", ["number", "x"], true),
        index("Item_by_note", "Item", ["note"]),
      ],
      schemaId: "next",
    };
    expect(await apply(next)).toEqual([
      "table Thing → Item",
      "column Item.n → number",
      "column Item.note",
      "column Item.code",
      "unique column Item.code",
      "table Tag",
      "index Thing_by_title → Item_by_title",
      "index Thing_pair → Item_pair",
      "index Item_by_note",
    ]);
    expect(await apply(next)).toEqual([]);
    expect(await db().read.all('SELECT id, title, "number" FROM "Item"', [])).toEqual([
      { id: "a", title: "one", number: 5 },
    ]);
  });

  it("changes nothing where a difference is not for a start to mend, and begins anew with fresh", async () => {
    await apply(FIRST);
    const other: SchemaDef = {
      tables: [table("New"), table("Thing", [ID, column("title", "int")])],
      indexes: [],
      schemaId: "other",
    };
    await expect(apply(other)).rejects.toMatchObject({ code: "SCHEMA_CHANGED" });
    expect((await db().introspect()).has("New")).toBe(false);
    expect(await apply(other, true)).toEqual(["table New", "table Thing"]);
    expect([...(await db().introspect()).keys()].sort()).toEqual(["New", "Thing", "_pylon_meta"]);
  });
}
