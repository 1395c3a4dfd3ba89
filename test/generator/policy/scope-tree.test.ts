import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { ScopeTree } from "../../../generator/policy/scope.ts";
import { type ScopePlan, scopeTree } from "../../../generator/policy/scope-tree.ts";
import type { DialectName } from "../../../runtime-core/sql/dialect.ts";
import { exprOf, SCOPE } from "./sample.ts";

const plan = (source: string, dialect: DialectName = "sqlite"): ScopePlan => scopeTree(exprOf(source), SCOPE, dialect);

const outline = (tree: ScopeTree): string =>
  tree.kind === "if"
    ? `${tree.test} ? ${outline(tree.then)} : ${outline(tree.else)}`
    : tree.scope.kind === "where"
      ? `${tree.scope.name}{${tree.scope.sql}}(${tree.scope.args.join(", ")})`
      : tree.scope.kind;

test.each([
  ["true", "all"],
  ["auth.isAdmin", "none"],
  ["auth.userId != null", "auth.userId !== null ? all : none"],
  ["auth.userId == data.userId", 'auth.userId !== null ? own{"userId" = ?}(auth.userId) : none'],
  ["auth.isAdmin || data.userId == auth.userId", 'auth.userId !== null ? own{"userId" = ?}(auth.userId) : none'],
  ["auth.tenantId == data.tenantId", 'auth.tenantId !== null ? tenant{"tenantId" = ?}(auth.tenantId) : none'],
  [
    'auth.userId == data.userId || auth.hasRole("editor")',
    'hasRole(auth, "editor") ? all : auth.userId !== null ? own{"userId" = ?}(auth.userId) : none',
  ],
  [
    'data.status == "live" || auth.userId == data.userId',
    `auth.userId !== null ? scope1{"status" = 'live' OR "userId" = ?}(auth.userId) : scope2{"status" = 'live'}()`,
  ],
  [
    "auth.userId != data.ownerId",
    'auth.userId === null ? all : scope1{("ownerId" IS NULL OR "ownerId" <> ?)}(auth.userId)',
  ],
  ["data.at <= now", 'scope1{"at" <= ?}(now)'],
  ['data.title == "a?b"', 'scope1{"title" = ?}("a?b")'],
  ['data.title == "it\'s"', `scope1{"title" = 'it''s'}()`],
  [
    "exists(Member where userId == auth.userId and tag == data.title)",
    'auth.userId !== null ? scope1{EXISTS (SELECT 1 FROM "Member" AS "other" WHERE "other"."userId" = ? AND "other"."tag" = "Note"."title")}(auth.userId) : none',
  ],
])("%s", (source, expected) => expect(outline(plan(source).tree)).toBe(expected));

test("Postgres: bare bools and collation by bytes", () => {
  expect(plan("data.done && !data.pub", "postgres").scopes[0]?.sql).toBe('"done" AND ("pub" IS NULL OR NOT "pub")');
  expect(plan('data.title > "b"', "postgres").scopes[0]?.sql).toBe(`"title" COLLATE "C" > 'b'`);
});

test("the keys that an index can serve", () => {
  const keys = (source: string): readonly string[] | undefined => plan(source).scopes[0]?.keys;
  expect(keys('auth.userId == data.userId && data.status == "live" && data.n > 5')).toEqual(["userId", "status"]);
  expect(keys("(data.n == 5 && data.done) || data.n == 6")).toEqual(["n"]);
});

test("what tests and arguments need", () => {
  expect(plan('auth.hasRole("now") && data.title == "now?"')).toMatchObject({ now: false, helpers: ["hasRole"] });
  expect(plan('data.at < ago("1d")')).toMatchObject({ now: true, helpers: ["ago"] });
});

test("a rule that names `next` has no SQL: its tree denies", () => {
  expect(plan("auth.userId == next.userId")).toMatchObject({ needsNext: true, tooWide: false, scopes: [] });
  expect(outline(plan("auth.userId == next.userId").tree)).toBe("none");
});

test("an owner's rows come from the index, in the order of the page", () => {
  const db = new Database(":memory:");
  db.exec(
    'CREATE TABLE "Note" ("id" TEXT PRIMARY KEY NOT NULL, "userId" TEXT NOT NULL, "title" TEXT); CREATE INDEX "Note_by_user" ON "Note" ("userId", "id")',
  );
  const where = plan("auth.isAdmin || auth.userId == data.userId").scopes[0]?.sql;
  const steps = db
    .prepare<[], { detail: string }>(
      `EXPLAIN QUERY PLAN SELECT * FROM "Note" WHERE ${where?.replace("?", "'u1'")} ORDER BY "id" LIMIT 10`,
    )
    .all();
  expect(steps.map(({ detail }) => detail)).toEqual(["SEARCH Note USING INDEX Note_by_user (userId=?)"]);
  db.close();
});
