import { expect, test } from "vitest";
import { toJs } from "../../../generator/policy/to-js.ts";
import { exprOf, SCOPE } from "./sample.ts";

test.each([
  ["auth.userId == data.userId", "auth.userId !== null && row.userId === auth.userId"],
  ["auth.userId != data.ownerId", "auth.userId === null || row.ownerId !== auth.userId"],
  [
    "auth.isAdmin || (auth.userId != null && data.pub == true)",
    "auth.isAdmin || (auth.userId !== null && row.pub === true)",
  ],
  ["data.done == false || !data.pub", "!row.done || row.pub !== true"],
  ["data.title && data.m", 'row.title !== "" && row.m !== null && row.m !== 0'],
  ["data.ownerId == data.tenantId", "row.ownerId === row.tenantId"],
  ["data.ownerId == null", "row.ownerId === null"],
  ["data.m > 5", "row.m !== null && row.m > 5"],
  ["!(data.m > 5)", "row.m === null || row.m <= 5"],
  ['data.title < "b"', 'compareText(row.title, "b") < 0'],
  ['data.due < ago("30d")', "row.due !== null && row.due < ago(now, 2_592_000_000)"],
  ['data.at >= "2026-01-01T01:00:00+01:00"', 'row.at >= "2026-01-01T00:00:00.000Z"'],
  ['auth.hasRole("a") || auth.hasAnyRole("b", "c")', 'hasRole(auth, "a") || hasAnyRole(auth, "b", "c")'],
  ["data.title == 5", "pylonNum(row.title) === 5"],
  ["data.title > 5", "(pylonNum(row.title) ?? Number.NaN) > 5"],
  ['data.n == "1e3"', "row.n === 1000"],
  ['data.meta.a.b == "x"', 'pylonEqual(pylonJson(row.meta, "a.b"), "x")'],
  ["data.done && (auth.userId == next.userId)", "row.done && auth.userId !== null && next.userId === auth.userId"],
  [
    "!exists(Member where userId == auth.userId and tag == data.title)",
    'auth.userId === null || !(await has("Member", { userId: auth.userId, tag: row.title }))',
  ],
  ["data.done || (data.done && data.pub)", "row.done"],
  ['data.status == "draft" && data.status != "live"', 'row.status === "draft"'],
  ["data.nope == auth.userId", "false"],
])("%s", (source, js) => expect(toJs(exprOf(source), SCOPE).text).toBe(js));

test("what the text refers to", () => {
  expect(toJs(exprOf('data.at < now && data.title > "ago(" && next.title > 5'), SCOPE).needs).toEqual({
    row: true,
    next: true,
    now: true,
    exists: false,
    helpers: ["compareText", "pylonNum"],
  });
  expect(toJs(exprOf("exists(Member where userId == auth.userId)"), SCOPE).needs).toMatchObject({
    row: false,
    exists: true,
  });
});
