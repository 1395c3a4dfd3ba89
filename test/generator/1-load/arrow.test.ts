import { describe, expect, test } from "vitest";
import type { Expr } from "../../../generator/policy/expr.ts";
import { loadFiles, pointed } from "./app-folder.ts";

/** The tree in the text form of the language, with every group in parentheses. */
const shown = (expr: Expr): string => {
  switch (expr.kind) {
    case "literal":
      return JSON.stringify(expr.value);
    case "path":
      return expr.segments.join(".");
    case "not":
      return `!${shown(expr.of)}`;
    case "and":
    case "or":
      return `(${expr.parts.map(shown).join(expr.kind === "and" ? " && " : " || ")})`;
    case "compare":
      return `${shown(expr.left)} ${expr.op} ${shown(expr.right)}`;
    case "call":
      return `${expr.name}(${expr.args.map((arg) => JSON.stringify(arg)).join(", ")})`;
    case "exists":
      return `exists(${expr.entity} where ${expr.clauses.map(({ field, value }) => `${field} == ${shown(value)}`).join(" and ")})`;
  }
};

const appWith = (rule: string, top = "", more = "") => ({
  "app.ts": `import { ago, app, entity, exists, field, now, policy } from "pylon";
import { ROLES, LIMIT as MAX } from "./lib/constants.ts";
${top}
const Note = entity("Note", { ownerId: field.string(), n: field.int().optional(), at: field.datetime() });
export default app({ name: "a", entities: [Note], policies: [
  policy({ name: "p", entity: Note, allowRead: ${rule} }),${more}
] });
export const used = [ago, exists, now, ROLES, MAX];
`,
  "lib/constants.ts": `export const ROLES = "editor";\nexport const LIMIT = -2.5;\n`,
});

const lowered = async (rule: string, top?: string): Promise<string> => {
  const files = appWith(rule, top);
  const loaded = await loadFiles(files);
  expect(loaded.diagnostics).toEqual([]);
  expect(loaded.manifest?.policies[0]?.allowRead).toBe("");
  const expr = loaded.arrows.get("policy:p.allowRead")?.expr;
  return expr === null || expr === undefined ? "nothing" : shown(expr);
};

const refused = async (rule: string, top?: string): Promise<string> => {
  const files = appWith(rule, top);
  const loaded = await loadFiles(files);
  const [problem, second] = loaded.diagnostics;
  if (problem === undefined) return "accepted";
  expect(second).toBeUndefined();
  expect(problem.code).toBe("POLICY_UNSUPPORTED");
  return `${pointed(loaded, files, problem.at).replace(/^\S+ /, "")} — ${problem.message}`;
};

describe("an arrow becomes the tree that its text form would be", () => {
  test.each([
    ["() => true", "true"],
    ["({ auth, data }) => auth.userId === data.ownerId", "auth.userId == data.ownerId"],
    ["({ auth: who, data: row }) => who.userId !== row.ownerId", "auth.userId != data.ownerId"],
    ["(r) => r.auth.isAdmin || r.data.n! >= -3", "(auth.isAdmin || data.n >= -3)"],
    [
      "({ data, next }) => data.n == null && !(next.n < 5 || next.n > 1e3)",
      "(data.n == null && !(next.n < 5 || next.n > 1000))",
    ],
    [
      "({ auth }) => auth.isAdmin && auth.hasRole('a') && auth.hasAnyRole('b', ROLES)",
      '(auth.isAdmin && auth.hasRole("a") && auth.hasAnyRole("b", "editor"))',
    ],
    ["({ data, ago, now }) => data.at > ago('30d') && data.at <= now", '(data.at > ago("30d") && data.at <= now)'],
    ["({ data }) => data.at > ago(`1h`) && data.at != now", '(data.at > ago("1h") && data.at != now)'],
    ["({ data }) => data.n === MAX", "data.n == -2.5"],
    ["({ data }) => data.ownerId === ('it\\'s' as string)", 'data.ownerId == "it\'s"'],
    [
      "({ auth, data }) => exists('Note', { ownerId: auth.userId, n: data.n })",
      "exists(Note where ownerId == auth.userId and n == data.n)",
    ],
    ["({ auth, exists }) => exists(Note, { ownerId: auth.userId })", "exists(Note where ownerId == auth.userId)"],
    ["({ auth }) => { return auth.userId != null; }", "auth.userId != null"],
    ["function ({ auth }) { return auth.isAdmin; }", "auth.isAdmin"],
    // A constant of another type than the parser's own names.
    ["({ data }) => data.ownerId === WHO", 'data.ownerId == "root"', 'const WHO = "root";'],
    ["isOwner", "auth.userId == data.ownerId", "const isOwner = ({ auth, data }) => auth.userId === data.ownerId;"],
  ])("%s", async (rule, tree, top = "") => {
    expect(await lowered(rule, top)).toBe(tree);
  });
});

describe("all else is POLICY_UNSUPPORTED at its place", () => {
  test.each([
    [
      "({ data }) => data.ownerId.startsWith('a')",
      "data.ownerId.startsWith('a') — `data.ownerId.startsWith` cannot be called in a rule",
    ],
    ["({ data }) => data.n + 1 > 2", "+ — `+` is not an operator of rules"],
    [
      "({ auth, data }) => auth.userId === LOCAL",
      "LOCAL — `LOCAL` is not known here: a rule may use literals and top-level `const` literals",
      "let LOCAL = 1;",
    ],
    ["({ auth }) => auth.userId === process.env.X", "process.env.X — `process.env.X` cannot be compiled"],
    [
      "({ auth, env }) => env.x === auth.userId",
      "env — `env` is not there in a rule; there are auth, data, next, now, ago, exists",
    ],
    [
      "({ auth: { userId }, data }) => userId === data.ownerId",
      "auth: { userId } — take auth, data or next as a whole: ({ auth, data, next }) => …",
    ],
    ["async ({ auth }) => auth.isAdmin", "async — a rule cannot be async"],
    ["({ auth }) => { const x = auth.isAdmin; return x; }", "return x; — a rule is one expression, without statements"],
    [
      "({ auth }) => (auth.isAdmin ? true : false)",
      "auth.isAdmin ? true : false — `auth.isAdmin ? true : false` cannot be compiled",
    ],
    ["({ data }) => (data.n === 1) === true", "(data.n === 1) — compare values, not conditions; use && || ! for those"],
    ["({ auth }) => auth.hasRole", "auth.hasRole — `auth.hasRole` is a function: call it"],
    ["({ auth }) => auth.hasRole('a', 'b')", "auth.hasRole('a', 'b') — `auth.hasRole` takes exactly one text"],
    [
      "({ auth, data }) => auth.hasRole(data.ownerId)",
      "data.ownerId — this must be a text that is known while compiling",
    ],
    ["({ auth, exists }) => exists('Note', {})", "{} — name at least one field"],
    ["Boolean", "Boolean — this rule is a function that is not written in its place, so it cannot be read"],
    ["({ auth }) => auth?.isAdmin", "auth?.isAdmin — `auth?.isAdmin` cannot be compiled"],
  ])("%s", async (rule, problem, top = "") => {
    expect(await refused(rule, top)).toBe(problem);
  });
});

test("a part of an arrow is found by its origin, as a part of a string is", async () => {
  const files = appWith("({ auth, data }) =>\n    auth.userId === data.ownerID");
  const loaded = await loadFiles(files);
  const expr = loaded.arrows.get("policy:p.allowRead")?.expr;
  const right = expr?.kind === "compare" ? expr.right.span : undefined;
  expect(pointed(loaded, files, { key: "policy:p.allowRead", ...right })).toBe("app.ts:7:21 data.ownerID");
  expect(loaded.arrows.get("policy:p.allowRead")?.source).toContain("auth.userId === data.ownerID");
});

test("rules of fields and of replication may be arrows too; helpers may not close over their arguments", async () => {
  const files = {
    "app.ts": `import { app, entity, field, policy } from "pylon";
const own = (name: string) => policy({ name, entity: "Note", allow: ({ auth, data }) => auth.userId === data[name] });
const Note = entity("Note", {
  secret: field.string().optional().readable(({ auth }) => auth.isAdmin),
}, { sync: { where: ({ auth, data }) => data.secret !== auth.tenantId, limit: 5 } });
export default app({ name: "a", entities: [Note], policies: [own("secret")] });
`,
  };
  const loaded = await loadFiles(files);
  const tree = (key: string) => {
    const expr = loaded.arrows.get(key)?.expr;
    return expr ? shown(expr) : null;
  };
  expect(tree("readable:Note.secret")).toBe("auth.isAdmin");
  expect(tree("sync:Note")).toBe("data.secret != auth.tenantId");
  expect(tree("policy:secret.allow")).toBeNull();
  expect(loaded.manifest?.entities[0]).toMatchObject({ sync_scope: "", sync_limit: 5, fields: [{ readable: "" }] });
  expect(loaded.diagnostics.map(({ at, message }) => `${pointed(loaded, files, at)} — ${message}`)).toEqual([
    "app.ts:6:62 own made in app.ts:2:105 — `data[name]` cannot be compiled",
  ]);
});
