import { describe, expect, test } from "vitest";
import { type CheckContext, checkPolicy } from "../../../generator/policy/check.ts";
import { exprOf, SCHEMA } from "./sample.ts";

const READ: CheckContext = { entity: "Note", operation: "read", compat: false };
const check = (source: string, options: Partial<CheckContext> = {}) =>
  checkPolicy(exprOf(source), source, SCHEMA, { ...READ, ...options });

test("the rule of a field sees the row and the caller, not other rows", () => {
  const source = "data.done || exists(Member where userId == auth.userId)";
  const [problem, ...more] = check(source, { operation: "field" });
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code: "POLICY_UNSUPPORTED", severity: "error", offset: source.indexOf("exists") });
  expect(check(source)).toEqual([]);
});

describe("a mistake has its code and its place", () => {
  test.each([
    ["auth.userID == data.userId", "error POLICY_UNKNOWN_NAME userID", "did you mean `userId`?"],
    ["auth.roles", "error POLICY_UNKNOWN_NAME roles", 'write `auth.hasRole("…")`'],
    ["userId == auth.userId", "error POLICY_UNKNOWN_NAME userId", "write `data.userId`"],
    ["dta.userId == auth.userId", "error POLICY_UNKNOWN_NAME dta.userId", "did you mean `data`?"],
    ["data.title == undefined", "error POLICY_UNKNOWN_NAME undefined", "write `null`"],
    ["data.usreId == auth.userId", "error POLICY_UNKNOWN_FIELD usreId", "did you mean `userId`?"],
    ['data.title.x == "a"', "error POLICY_UNKNOWN_FIELD title.x", undefined],
    [
      'data.ownerId.name == "a"',
      "error POLICY_UNKNOWN_FIELD ownerId.name",
      "rules see the row alone; for the User write `exists(User where …)`",
    ],
    ['input.x == "a"', "error POLICY_UNSUPPORTED input.x", expect.any(String)],
    ["next.done", "error POLICY_UNSUPPORTED next.done", "write `data`"],
    [
      "exists(Membr where userId == auth.userId)",
      "error POLICY_ENTITY_NOT_FOUND exists(Membr where userId == auth.userId)",
      "did you mean `Member`?",
    ],
    ["exists(Member where userID == auth.userId)", "error POLICY_UNKNOWN_FIELD userID", "did you mean `userId`?"],
    [
      "exists(Member where userId == auth.userId && level == 1)",
      "error POLICY_EXISTS_AND auth.userId && level == 1",
      "join the conditions by the word `and`",
    ],
    [
      "exists(Member where level == 1 || level == 2)",
      "error POLICY_EXISTS_AND 1 || level == 2",
      "write two `exists(…)` joined by `||`",
    ],
    ["exists(Member where level == data.title)", "error POLICY_TYPE level == data.title", expect.any(String)],
    ["exists(Member where level == 1 and level == 2)", "error POLICY_UNSUPPORTED level == 2", undefined],
    ["exists(Member where ok == auth.isAdmin)", "error POLICY_UNSUPPORTED ok == auth.isAdmin", undefined],
    ["data.title == 5", "error POLICY_TYPE data.title == 5", "compare values of one type"],
    ['data.n == "5"', 'error POLICY_TYPE data.n == "5"', "compare values of one type"],
    ["data.title < now", "error POLICY_TYPE data.title < now", "compare values of one type"],
    ['data.n == "five"', 'error POLICY_ALWAYS_FALSE data.n == "five"', undefined],
    ['data.done == "true"', 'error POLICY_ALWAYS_FALSE data.done == "true"', undefined],
    ["data.done == 1", "error POLICY_ALWAYS_FALSE data.done == 1", undefined],
    ["data.done > false", "error POLICY_ALWAYS_FALSE data.done > false", undefined],
    ["data.title == null", "error POLICY_ALWAYS_FALSE data.title == null", "its field is required"],
    ["data.m < null", "error POLICY_ALWAYS_FALSE data.m < null", undefined],
    ['data.status == "lvie"', 'error POLICY_ALWAYS_FALSE data.status == "lvie"', "did you mean `live`?"],
    ['data.at > "yesterday"', 'error POLICY_ALWAYS_FALSE data.at > "yesterday"', expect.stringContaining("RFC 3339")],
    [
      'data.title == "a" && data.title == "b"',
      'error POLICY_ALWAYS_FALSE data.title == "a" && data.title == "b"',
      "write `false` if that is meant",
    ],
    ["data.title == data.title", "warning POLICY_ALWAYS_TRUE data.title == data.title", undefined],
    ["data.title != null && data.done", "warning POLICY_ALWAYS_TRUE data.title != null", "its field is required"],
    ["data.done || !data.done", "warning POLICY_ALWAYS_TRUE data.done || !data.done", "write `true` if that is meant"],
    ["true", "info POLICY_ALWAYS_TRUE true", undefined],
    ["auth.userId == data.ownerId", "warning POLICY_NULL_OWNER auth.userId == data.ownerId", expect.any(String)],
  ])("%s", (source, expected, hint) => {
    const found = check(source).map(
      ({ severity, code, offset, length }) => `${severity} ${code} ${source.slice(offset, offset + length)}`,
    );
    expect(found).toEqual([expected]);
    expect(check(source)[0]?.hint).toEqual(hint);
  });
});

test.each([
  "false",
  "auth.userId == data.userId",
  "auth.isGuest || auth.is_admin",
  'data.status == "live" && data.at < ago("30d")',
  'data.at >= "2026-01-01T00:00:00+01:00"',
  'data.meta.a.b == "x" || data.meta.n > 5 || data.meta != null',
  "exists(Member where userId == auth.userId and tag == data.title) && record.done",
  "data.ownerId == null || auth.userId == data.userId",
  "existing.id == auth.userId",
])("%s is in order", (source) => expect(check(source)).toEqual([]));

test("all mistakes of a rule at once, in the order of their place; a wrong name silences what compares it", () => {
  const found = check("data.nope == 5 && data.done == 1 && auth.foo");
  expect(found.map(({ code }) => code)).toEqual(["POLICY_UNKNOWN_FIELD", "POLICY_ALWAYS_FALSE", "POLICY_UNKNOWN_NAME"]);
});

test("compatibility mode: coercions and dead inputs are warnings", () => {
  expect(check("data.title == 5", { compat: true })).toMatchObject([{ code: "POLICY_TYPE", severity: "warning" }]);
  expect(check("auth.userId == input.ownerId", { compat: true })).toMatchObject([
    { code: "POLICY_UNSUPPORTED", severity: "warning" },
  ]);
});

test("`next` in update and insert rules, `input` in rules of actions", () => {
  expect(check("auth.userId == next.userId", { operation: "update" })).toEqual([]);
  const inputs = [{ name: "n", type: { kind: "int" } as const, optional: false }];
  const action = { entity: null, operation: "action", inputs } as const;
  expect(check("input.n > 5", action)).toEqual([]);
  expect(check("input.m > 5", action)).toMatchObject([{ code: "POLICY_UNKNOWN_FIELD" }]);
  expect(check("data.n > 5", action)).toMatchObject([{ code: "POLICY_UNSUPPORTED" }]);
});

test("six conditions of the caller may be mixed freely with rows, not seven", () => {
  const roles = (count: number) =>
    Array.from({ length: count }, (_, i) => `(auth.hasRole("r${i}") && data.n == ${i})`).join(" || ");
  expect(check(roles(6))).toEqual([]);
  expect(check(roles(7))).toMatchObject([{ code: "POLICY_TOO_WIDE", severity: "error" }]);
});
