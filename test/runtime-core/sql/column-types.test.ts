import { describe, expect, test } from "vitest";
import type { FieldType } from "../../../generator/ir/app.ts";
import { columnType } from "../../../runtime-core/sql/column-types.ts";
import { postgres, quote, sqlite } from "../../../runtime-core/sql/dialect.ts";

const cases: [FieldType, string, string][] = [
  [{ kind: "string", values: null }, "TEXT", 'TEXT COLLATE "C"'],
  [{ kind: "richtext" }, "TEXT", 'TEXT COLLATE "C"'],
  [{ kind: "datetime" }, "TEXT", 'TEXT COLLATE "C"'],
  [{ kind: "id", target: "User" }, "TEXT", 'TEXT COLLATE "C"'],
  [{ kind: "json" }, "TEXT", "TEXT"],
  [{ kind: "int" }, "INTEGER", "BIGINT"],
  [{ kind: "bool" }, "INTEGER", "BOOLEAN"],
  [{ kind: "float" }, "REAL", "DOUBLE PRECISION"],
  [{ kind: "vector", size: 3 }, "BLOB", "BYTEA"],
];

describe("column types", () => {
  test.each(cases)("%j", (type, onSqlite, onPostgres) => {
    expect(sqlite.columnTypes[columnType(type)]).toBe(onSqlite);
    expect(postgres.columnTypes[columnType(type)]).toBe(onPostgres);
  });
});

test("parameters", () => {
  expect(sqlite.parameter(2)).toBe("?");
  expect(postgres.parameter(2)).toBe("$2");
});

test("names are quoted, quotes in them doubled", () => {
  expect(quote("order")).toBe('"order"');
  expect(quote('a"b')).toBe('"a""b"');
});
