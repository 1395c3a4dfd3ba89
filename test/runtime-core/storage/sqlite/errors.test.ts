import SQLite from "better-sqlite3";
import { expect, test } from "vitest";
import { translate } from "../../../../runtime-core/storage/sqlite/errors.ts";

const cases: [string, string, object][] = [
  ["UNIQUE constraint failed: User.email", "SQLITE_CONSTRAINT_UNIQUE", { columns: ["User.email"] }],
  ["UNIQUE constraint failed: User.id", "SQLITE_CONSTRAINT_PRIMARYKEY", { columns: ["User.id"] }],
  ["UNIQUE constraint failed: A.x, A.y", "SQLITE_CONSTRAINT_UNIQUE", { columns: ["A.x", "A.y"] }],
  ["UNIQUE constraint failed: index 'A_lower'", "SQLITE_CONSTRAINT_UNIQUE", { columns: ["A_lower"] }],
  ["NOT NULL constraint failed: A.x", "SQLITE_CONSTRAINT_NOTNULL", { name: "StorageError", message: /A\.x/ }],
  ["database or disk is full", "SQLITE_FULL", { code: "STORAGE_FULL", status: 503 }],
  ["disk I/O error", "SQLITE_IOERR_WRITE", { code: "STORAGE_FAILED", status: 503 }],
  ["attempt to write a readonly database", "SQLITE_READONLY", { code: "STORAGE_FAILED", status: 503 }],
  ["database disk image is malformed", "SQLITE_CORRUPT", { code: "STORAGE_FAILED", status: 503 }],
];

test.each(cases)("%s", (message, code, want) => {
  const given = translate(new SQLite.SqliteError(message, code)) as Error;
  expect({ ...given, name: given.name, message: given.message }).toMatchObject(
    Object.fromEntries(Object.entries(want).map(([k, v]) => [k, v instanceof RegExp ? expect.stringMatching(v) : v])),
  );
});

test("what is not SQLite's is given back as it is", () => {
  const error = new TypeError("bad argument");
  expect(translate(error)).toBe(error);
});
