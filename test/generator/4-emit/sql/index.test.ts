import { execFileSync } from "node:child_process";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emitSql, schemaDef, schemaModule } from "../../../../generator/4-emit/sql/index.ts";
import type { AppIr, EntityIr, RuleIr } from "../../../../generator/ir/app.ts";
import { parsePolicy } from "../../../../generator/policy/parse.ts";
import type { Database } from "../../../../runtime-core/storage/ports.ts";
import { applySchema } from "../../../../runtime-core/storage/schema/apply.ts";
import { introspect } from "../../../../runtime-core/storage/sqlite/introspect.ts";
import { openTemporary } from "../../../runtime-core/storage/sqlite/support.ts";
import { app, entity, field, text, todo, user, wide } from "../client/sample-ir.ts";

const INDEXED: EntityIr = {
  ...todo,
  indexes: [
    { name: "by_user", sqlName: "Todo_by_user", fields: ["userId", "done"], unique: false, origin: { key: "" } },
    { name: "a_title", sqlName: "Todo_a_title", fields: ["title"], unique: true, origin: { key: "" } },
  ],
  relations: [{ name: "owner", target: "User", field: "userId", many: false, origin: { key: "" } }],
};
const SAMPLE = app([INDEXED, user, wide]);

const sqlOf = (ir: AppIr, name: "sqlite" | "postgres"): string =>
  emitSql(ir).find(({ path }) => path === `_generated/sql/${name}.sql`)?.text ?? "";

const rule = (source: string): RuleIr => {
  const parsed = parsePolicy(source);
  if (!parsed.ok) throw new Error(source);
  return { source, expr: parsed.expr, policies: ["p"], origin: { key: "" } };
};

test("a table reads as a person would write it", () => {
  expect(sqlOf(app([INDEXED]), "sqlite")).toBe(`\
-- Made by pylon from app.ts. Do not edit: the next codegen overwrites it.

-- Todo in app.ts.
CREATE TABLE "Todo" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "userId" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "done" INTEGER NOT NULL,
  "createdAt" TEXT NOT NULL
) WITHOUT ROWID;

-- Todo.a_title
CREATE UNIQUE INDEX "Todo_a_title" ON "Todo" ("title");

-- Todo.by_user
CREATE INDEX "Todo_by_user" ON "Todo" ("userId", "done", "id");
`);
});

test.each([
  ["string", 'TEXT COLLATE "C"'],
  ["datetime", 'TEXT COLLATE "C"'],
  ["int", "BIGINT"],
  ["bool", "BOOLEAN"],
  ["float", "DOUBLE PRECISION"],
  ["json", "TEXT"],
] as const)("Postgres keeps a %s in %s", (kind, type) => {
  const of = kind === "string" ? text : ({ kind } as const);
  const sql = sqlOf(
    app([entity("E", [field("f", of, { unique: true }), field("g", of, { optional: true })])]),
    "postgres",
  );
  expect(sql).toContain(
    `"id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,\n  "f" ${type} NOT NULL UNIQUE,\n  "g" ${type}\n);`,
  );
});

test.each([
  ["richtext", false],
  ["json", false],
  ["string", true],
  ["int", true],
] as const)("a table with a %s has no rowid: %s", (kind, without) => {
  const of = kind === "string" ? text : ({ kind } as const);
  expect(sqlOf(app([entity("E", [field("f", of)])]), "sqlite").includes("WITHOUT ROWID")).toBe(without);
});

test.each([
  ["data.title == auth.userId", false],
  ["data.done", false],
  ["data.title == 5", true],
  ['data.meta == "a"', true],
] as const)("Postgres functions for the rule %s: %s", (source, expected) => {
  const meta = field("meta", { kind: "json" });
  const ruled = { ...todo, fields: [...todo.fields, meta], rules: { ...todo.rules, update: rule(source) } };
  expect(sqlOf(app([ruled]), "postgres").includes("FUNCTION pylon_num")).toBe(expected);
});

describe("reordering", () => {
  const reordered = app([wide, user, { ...INDEXED, indexes: INDEXED.indexes.toReversed() }]);

  test("declarations leaves the SQL and the schema as they are", () => {
    expect(emitSql(reordered)).toEqual(emitSql(SAMPLE));
    expect(schemaDef(reordered)).toEqual(schemaDef(SAMPLE));
    expect(schemaModule(reordered)).toEqual(schemaModule(SAMPLE));
  });

  test("fields does not (negative control)", () => {
    const turned = app([{ ...INDEXED, fields: INDEXED.fields.toReversed() }, user, wide]);
    expect(emitSql(turned)).not.toEqual(emitSql(SAMPLE));
  });
});

describe("the schema id", () => {
  const idOf = (of: EntityIr): string => schemaDef(app([of])).schemaId;
  const withDone = (more: Parameters<typeof field>[2], kind: "bool" | "int" = "bool"): EntityIr => ({
    ...todo,
    fields: todo.fields.map((f) => (f.name === "done" ? field("done", { kind }, more) : f)),
  });

  test("is 16 hex digits", () => expect(idOf(todo)).toMatch(/^[0-9a-f]{16}$/));

  test("changes with what values mean, even where the column stays", () => {
    expect(idOf(withDone({}))).not.toBe(idOf(withDone({}, "int")));
    expect(idOf(withDone({}))).not.toBe(idOf(withDone({ optional: true })));
  });

  test("stays when only rules change", () => {
    expect(idOf({ ...todo, rules: { ...todo.rules, read: rule("true") } })).toBe(idOf(todo));
  });
});

describe("on a real file", () => {
  let db: Database;
  beforeEach(async () => {
    db = await openTemporary();
  });
  afterEach(() => db.close());

  const apply = (ir: AppIr) => applySchema(db, schemaDef(ir), { devMode: false });

  test("the schema is applied once, and the second time nothing is left to do", async () => {
    expect((await apply(SAMPLE)).created).toContain("table Todo");
    expect((await apply(SAMPLE)).created).toEqual([]);
  });

  test("an optional field more is one column more, also where it would make a new table one with rowid", async () => {
    await apply(SAMPLE);
    const note = field("note", { kind: "richtext" }, { optional: true });
    const more = app([{ ...INDEXED, fields: [...INDEXED.fields, note] }, user, wide]);
    expect((await apply(more)).created).toEqual(["column Todo.note"]);
    expect((await apply(more)).created).toEqual([]);
  });

  test("the DDL file makes the same tables as the schema", async () => {
    await apply(SAMPLE);
    const applied = new Map([...(await introspect(db.read))].filter(([name]) => !name.startsWith("_pylon_")));
    const byHand = new Sqlite(":memory:");
    byHand.exec(sqlOf(SAMPLE, "sqlite"));
    const read = {
      all: async (sql: string, args: readonly unknown[]) => byHand.prepare(sql).all(...args),
    } as unknown as Database["read"];
    expect(await introspect(read)).toEqual(applied);
    byHand.close();
  });
});

test("the module is laid out as the formatter would, and names renames", () => {
  const renamed = { ...user, renamedFrom: "Person", fields: [field("mail", text, { renamedFrom: "email" })] };
  const module = schemaModule(app([INDEXED, renamed, wide, entity("Empty", [])]));
  expect(module.path).toBe("_generated/server/schema.ts");
  expect(module.text).toContain('renamedFrom: "Person",');
  const formatted = execFileSync("npx", ["biome", "format", "--stdin-file-path=schema.ts"], {
    input: module.text,
    encoding: "utf8",
  });
  expect(formatted).toBe(module.text);
});
