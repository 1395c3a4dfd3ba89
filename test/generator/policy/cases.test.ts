import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAuthText } from "../../../generator/policy/auth-text.ts";
import { testCases, testOne } from "../../../generator/policy/cases.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");
const nobody = { userId: null, tenantId: null, isAdmin: false, isGuest: false, roles: [] };

test("the 241 recorded answers of the real server hold", () => {
  const results = testCases(readFileSync("fixtures/policies/cases.json", "utf8"), NOW);
  expect(results).toHaveLength(241);
  expect(results.filter((result) => !result.passed)).toEqual([]);
});

test("a wrong expectation is a failed case", () => {
  const [result] = testCases('{"cases":[{"id":"x","expr":"true","auth":{},"expected":"deny"}]}', NOW);
  expect(result).toEqual({ id: "x", expr: "true", expected: "deny", actual: "allow", passed: false });
});

test("a case without an id goes by its place", () => {
  const results = testCases('{"cases":[{"expr":"true","expected":"allow"},{"expr":"1","expected":"allow"}]}', NOW);
  expect(results.map(({ id, passed }) => [id, passed])).toEqual([
    ["#1", true],
    ["#2", true],
  ]);
});

test("one rule: allow, deny with a reason, and a rule that does not parse denies", () => {
  expect(testOne('data.a == "x"', nobody, { a: "x" }, null, NOW)).toEqual({ result: "allow" });
  expect(testOne('data.a == "x"', nobody, {}, null, NOW)).toEqual({ result: "deny", reason: "the rule does not hold" });
  expect(testOne("data.a = 1", nobody, {}, null, NOW).reason).toContain("equality is `==`");
});

test("a duration too large for a clock is a mistake, not a crash", () => {
  expect(testOne('ago("99999999999w") < now', nobody, null, null, NOW).reason).toContain("is not a duration");
  expect(testOne('ago("100000w") < now', nobody, null, null, NOW)).toEqual({ result: "allow" });
});

test("callers in text form", () => {
  expect(parseAuthText("userId=u1,isAdmin=true,roles=editor|billing")).toEqual({
    ok: true,
    auth: { userId: "u1", tenantId: null, isAdmin: true, isGuest: false, roles: ["editor", "billing"] },
  });
  expect(parseAuthText("")).toEqual({ ok: true, auth: nobody });
  expect(parseAuthText("userID=u1")).toMatchObject({ ok: false, message: expect.stringContaining("userID") });
  expect(parseAuthText("isAdmin=yes")).toMatchObject({ ok: false });
  expect(parseAuthText("userId")).toMatchObject({ ok: false });
});
