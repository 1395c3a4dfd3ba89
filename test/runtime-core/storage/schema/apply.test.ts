import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ColumnDef, IndexDef, TableDef } from "../../../../runtime-core/sql/ddl.ts";
import type { Database } from "../../../../runtime-core/storage/ports.ts";
import { applySchema } from "../../../../runtime-core/storage/schema/apply.ts";
import type { SchemaDef } from "../../../../runtime-core/storage/schema/schema.ts";
import { openTemporary } from "../sqlite/support.ts";

let db: Database;
beforeEach(async () => {
  db = await openTemporary();
});
afterEach(() => db.close());

const ID: ColumnDef = { name: "id", type: "text", notNull: true, unique: false, primaryKey: true };
const column = (name: string, over: Partial<ColumnDef> = {}): ColumnDef => ({
  name,
  type: "text",
  notNull: false,
  unique: false,
  primaryKey: false,
  ...over,
});

const table = (name: string, columns: readonly ColumnDef[], renamedFrom: string | null = null): TableDef => ({
  name,
  columns: [ID, ...columns],
  clustered: false,
  renamedFrom,
});

const index = (of: string, columns: readonly string[], unique = false): IndexDef => ({
  name: `${of}_by_${columns.join("_")}`,
  table: of,
  columns,
  unique,
});

const schema = (tables: readonly TableDef[], indexes: readonly IndexDef[] = []): SchemaDef => ({
  tables,
  indexes,
  schemaId: `s${tables.length}${indexes.length}`,
});

const apply = (wanted: SchemaDef, options: Partial<Parameters<typeof applySchema>[2]> = {}) =>
  applySchema(db, wanted, { devMode: true, ...options });

const TITLE = column("title", { notNull: true });
const EMAIL = column("email", { unique: true });
const FIRST = schema([table("Todo", [TITLE, EMAIL])], [index("Todo", ["title"])]);

describe("what a start does", () => {
  test("makes everything in an empty database, and nothing the second time", async () => {
    expect(await apply(FIRST)).toEqual({ created: ["table Todo", "index Todo_by_title"] });
    expect(await apply(FIRST)).toEqual({ created: [] });
    expect(await db.read.text("SELECT value FROM _pylon_meta WHERE key = 'schemaId'", [])).toBe(FIRST.schemaId);
  });

  test("adds tables, optional columns (also unique ones) and indexes, and keeps the rows", async () => {
    await apply(FIRST);
    await db.write((unit) => unit.run("INSERT INTO Todo (id, title) VALUES ('a', 'milk')", []));
    const next = schema(
      [table("Todo", [TITLE, EMAIL, column("note"), column("code", { unique: true })]), table("Tag", [])],
      [index("Todo", ["title"]), index("Todo", ["note"]), index("Todo", ["title", "code"], true)],
    );
    expect((await apply(next)).created).toEqual([
      "column Todo.note",
      "column Todo.code",
      "unique column Todo.code",
      "table Tag",
      "index Todo_by_note",
      "index Todo_by_title_code",
    ]);
    expect(await apply(next)).toEqual({ created: [] });
    expect(await db.read.get("SELECT id, title, note, code FROM Todo", [])).toEqual({
      id: "a",
      title: "milk",
      note: null,
      code: null,
    });
    const twice = (id: string) =>
      db.write((unit) => unit.run("INSERT INTO Todo (id, title, code) VALUES (?, ?, 'x')", [id, id]));
    await twice("b");
    await expect(twice("c")).rejects.toThrow("UNIQUE constraint failed: Todo.code");
  });

  test("renames tables and columns, with their rows and indexes, once", async () => {
    await apply(
      schema([table("Todo", [TITLE, EMAIL])], [index("Todo", ["title"]), index("Todo", ["email", "title"], true)]),
    );
    await db.write((unit) => unit.run("INSERT INTO Todo (id, title) VALUES ('a', 'milk')", []));
    const next = schema(
      [table("Task", [column("name", { notNull: true, renamedFrom: "title" }), EMAIL], "Todo")],
      [index("Task", ["email", "name"], true), { ...index("Task", ["name"]), name: "Task_by_title" }],
    );
    const { created } = await apply(next);
    expect(created).toContain("table Todo → Task");
    expect(created).toContain("column Task.title → name");
    expect(created).toContain("index Todo_by_email_title → Task_by_email_name");
    expect(await db.read.all("SELECT id, name FROM Task", [])).toEqual([{ id: "a", name: "milk" }]);
    expect(await apply(next)).toEqual({ created: [] });
  });

  test("leaves tables of others and their further indexes alone", async () => {
    await apply(FIRST);
    await db.write(async (unit) => {
      await unit.run("CREATE TABLE theirs (x TEXT NOT NULL)", []);
      await unit.run("CREATE INDEX dba ON Todo (email, title)", []);
    });
    expect(await apply(FIRST)).toEqual({ created: [] });
  });

  test("makes Pylon's own tables with the rest", async () => {
    const internal = ["CREATE TABLE IF NOT EXISTS _pylon_feed (seq INTEGER PRIMARY KEY)"];
    await apply(FIRST, { internal });
    await apply(FIRST, { internal });
    expect(await db.read.text("SELECT count(*) FROM _pylon_feed", [])).toBe("0");
  });
});

describe("what a start refuses", () => {
  const cases: [string, SchemaDef, RegExp][] = [
    ["a removed column", schema([table("Todo", [TITLE])], FIRST.indexes), /Todo\.email is in the database/],
    [
      "another type",
      schema([table("Todo", [column("title", { notNull: true, type: "int" }), EMAIL])], FIRST.indexes),
      /Todo\.title is TEXT in the database, INTEGER in the app/,
    ],
    [
      "a new required column",
      schema([table("Todo", [TITLE, EMAIL, column("owner", { notNull: true })])], FIRST.indexes),
      /Todo\.owner is new and required/,
    ],
    [
      "an optional column that became required",
      schema([table("Todo", [TITLE, column("email", { unique: true, notNull: true })])], FIRST.indexes),
      /Todo\.email is required in the app/,
    ],
    [
      "a required column that became optional",
      schema([table("Todo", [column("title"), EMAIL])], FIRST.indexes),
      /Todo\.title is optional in the app/,
    ],
    [
      "unique added to a column",
      schema([table("Todo", [column("title", { notNull: true, unique: true }), EMAIL])], FIRST.indexes),
      /Todo\.title is unique in the app/,
    ],
    [
      "unique taken from a column",
      schema([table("Todo", [TITLE, column("email")])], FIRST.indexes),
      /Todo\.email is unique in the database/,
    ],
    [
      "a new unique index",
      schema(FIRST.tables, [...FIRST.indexes, index("Todo", ["title", "email"], true)]),
      /unique index Todo_by_title_email/,
    ],
    [
      "another index of the same name",
      schema(FIRST.tables, [{ ...index("Todo", ["title"]), columns: ["email"] }]),
      /index Todo_by_title is on \(title\)/,
    ],
  ];

  test.each(cases)(
    "%s: SCHEMA_CHANGED says what and what to do, and nothing is changed",
    async (_title, wanted, text) => {
      await apply(FIRST);
      const withNew = schema([...wanted.tables, table("Other", [])], wanted.indexes);
      await expect(apply(withNew)).rejects.toMatchObject({
        code: "SCHEMA_CHANGED",
        message: expect.stringMatching(text),
        hint: expect.stringContaining("--fresh"),
      });
      await expect(apply(withNew, { devMode: false })).rejects.toMatchObject({
        hint: expect.stringContaining("migration"),
      });
      expect(await apply(FIRST)).toEqual({ created: [] });
      expect(await db.read.text("SELECT count(*) FROM sqlite_schema WHERE name = 'Other'", [])).toBe("0");
    },
  );

  test("--fresh begins anew in dev mode, and is refused in production", async () => {
    await apply(FIRST);
    await db.write((unit) => unit.run("INSERT INTO Todo (id, title) VALUES ('a', 'milk')", []));
    const next = schema([table("Todo", [column("title", { notNull: true, type: "int" })])]);
    await expect(async () => apply(next, { fresh: true, devMode: false })).rejects.toMatchObject({
      code: "FRESH_IN_PRODUCTION",
    });
    expect((await apply(next, { fresh: true })).created).toEqual(["table Todo"]);
    expect(await db.read.text("SELECT count(*) FROM Todo", [])).toBe("0");
  });
});
