import fc from "fast-check";
import { expect, test } from "vitest";
import { describeAccess } from "../../../generator/policy/access.ts";
import { compareAccess } from "../../../generator/policy/compare-access.ts";
import { scopeTree } from "../../../generator/policy/scope-tree.ts";
import { chosenScope, Tables } from "./compiled.ts";
import { auths, exprOf, SCOPE, sources } from "./sample.ts";

const describeRule = (source: string | null) => describeAccess(source === null ? null : exprOf(source), SCOPE);

test.each([
  [null, "no", "no", "no", "nobody"],
  ["false", "no", "no", "no", "nobody"],
  ["true", "yes", "yes", "yes", "anyone"],
  ["auth.userId != null", "no", "yes", "yes", "any signed-in user"],
  ["auth.userId != null && !auth.isGuest", "no", "no", "yes", "any signed-in user but guests"],
  ["auth.isAdmin", "no", "no", "no", "admins"],
  ['auth.hasRole("editor")', "no", "no", "no", "role editor"],
  ['auth.hasAnyRole("b", "a")', "no", "no", "no", "role a or role b"],
  ["auth.userId == data.userId", "no", "rows where userId == auth.userId", "rows where userId == auth.userId", "owner"],
  [
    "auth.isAdmin || auth.userId == data.userId",
    "no",
    "rows where userId == auth.userId",
    "rows where userId == auth.userId",
    "owner",
  ],
  [
    'auth.userId == data.userId || auth.hasRole("a")',
    "no",
    "rows where userId == auth.userId",
    "rows where userId == auth.userId",
    "owner or role a",
  ],
  ["auth.tenantId == data.tenantId", "no", "no", "rows where tenantId == auth.tenantId", "members of the tenant"],
  ["data.done", "rows where done", "rows where done", "rows where done", "data.done"],
  [
    'data.status != "live" || data.n > 5',
    'rows where status != "live" || n > 5',
    'rows where status != "live" || n > 5',
    'rows where status != "live" || n > 5',
    'data.status != "live" || data.n > 5',
  ],
] as const)("who may: %s", (source, anonymous, guest, user, phrase) => {
  expect(describeRule(source)).toMatchObject({ anonymous, guest, user, admin: "yes", phrase });
});

test("each role that a rule names is told", () => {
  expect(describeRule('auth.hasRole("a") && data.done').roles).toEqual([{ role: "a", access: "rows where done" }]);
});

const compare = (before: string | null, after: string | null) =>
  compareAccess(before === null ? null : exprOf(before), after === null ? null : exprOf(after), SCOPE);

test.each([
  ["auth.userId == data.userId", "auth.userId != null", "widened"],
  ["auth.userId != null", "auth.userId == data.userId", "narrowed"],
  [null, "auth.userId == data.userId", "widened"],
  ["true", null, "narrowed"],
  ["data.done == false", "!data.done", "same"],
  ["auth.isAdmin", null, "same"],
  ['auth.hasRole("a")', 'auth.hasAnyRole("b", "a")', "widened"],
  ['auth.hasAnyRole("a", "b")', 'auth.hasRole("b") || auth.hasRole("a")', "same"],
  ['data.status == "live"', 'data.status == "live" || data.status == "draft"', "widened"],
  ['data.status == "live"', 'data.status == "draft"', "changed"],
  ["data.n > 5", "data.n > 3", "changed"],
  ["auth.userId == data.userId && data.done", "auth.userId == data.userId", "widened"],
] as const)("%s, then %s: %s", (before, after, kind) => expect(compare(before, after).kind).toBe(kind));

test("the words of a review", () => {
  expect(compare("auth.userId == data.userId", "auth.userId != null")).toEqual({
    kind: "widened",
    beforePhrase: "owner",
    afterPhrase: "any signed-in user",
  });
});

test("`same` and `narrowed` are never said where a row is gained", () => {
  const tables = new Tables(":memory:", 3);
  const rowsOf = (source: string, auth: Parameters<typeof chosenScope>[1]): readonly string[] | null => {
    const plan = scopeTree(exprOf(source), SCOPE, "sqlite");
    if (plan.tooWide) return null;
    const scope = chosenScope(plan.tree, auth);
    return scope.kind === "none"
      ? []
      : scope.kind === "all"
        ? tables.select("1 = 1", [], auth)
        : tables.select(scope.sql, scope.args, auth);
  };
  fc.assert(
    fc.property(sources, sources, fc.constantFrom("&&", "||", "!"), auths, (first, second, how, auth) => {
      const other = how === "!" ? second : `(${first}) ${how} (${second})`;
      const { kind } = compare(first, other);
      const [was, is] = [rowsOf(first, auth), rowsOf(other, auth)];
      if (was === null || is === null || kind === "changed") return;
      if (kind !== "widened") expect(was).toEqual(expect.arrayContaining([...is]));
      if (kind !== "narrowed") expect(is).toEqual(expect.arrayContaining([...was]));
    }),
    { numRuns: 1000 },
  );
  tables.db.close();
});
