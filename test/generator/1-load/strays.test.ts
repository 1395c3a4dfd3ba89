import { describe, expect, test } from "vitest";
import { loadFiles, pointed } from "./app-folder.ts";

const HEAD = `import { action, app, auth, cron, definePlugin, entity, field, policy, relation } from "pylon";\n`;

/** Each problem as what is said, where, and what is meant. */
async function said(app: string, more: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const files = { "app.ts": app, ...more };
  const loaded = await loadFiles(files);
  return loaded.diagnostics.map(({ code, message, hint, at }) => {
    const where = pointed(loaded, loaded.locate(at)?.span.file === "lib.ts" ? { ...files, "app.ts": "" } : files, at);
    return `${code} ${message} | ${where} | ${hint}`;
  });
}

describe("a key that nothing reads", () => {
  test("is found in an app that no builder was called for", async () => {
    const app = `export default { name: "a", entites: [], entities: [], polices: [] };\n`;
    expect(await said(app)).toEqual([
      "UNKNOWN_KEY `entites` is no key of app(…) | app.ts:1:29 entites | did you mean `entities`?",
      "UNKNOWN_KEY `polices` is no key of app(…) | app.ts:1:56 polices | did you mean `policies`?",
    ]);
  });

  test("is found in another file, where it is written", async () => {
    const lib = `import { policy } from "pylon";\nexport const rule = policy({ entity: "A", allow: "true", allowred: "false" });\n`;
    const loaded = await loadFiles({
      "app.ts": `import { rule } from "./lib.ts";\n${HEAD}export default app({ name: "a", entities: [entity("A", {})], policies: [rule] });\n`,
      "lib.ts": lib,
    });
    const [found] = loaded.diagnostics;
    expect(loaded.diagnostics).toHaveLength(1);
    expect(pointed(loaded, { "lib.ts": lib }, found?.at ?? { key: "" })).toContain("lib.ts:2:58 allowred");
  });

  test("is told once for one object that is used twice", async () => {
    const app = `${HEAD}const by = { name: "by_a", fields: ["a"], uniq: true };
const one = (name: string) => entity(name, { a: field.string() }, { indexes: [by] });
export default app({ name: "a", entities: [one("A"), one("B")] });\n`;
    expect(await said(app)).toEqual([
      "UNKNOWN_KEY `uniq` is no key of `indexes` of entity(…) | app.ts:2:43 uniq | did you mean `unique`?",
    ]);
  });

  test("counts when it is set to undefined, and when it is a method", async () => {
    const app = `${HEAD}export default app({ name: "a", entities: [entity("A", {})], policies: [
  policy({ entity: "A", allow: "true", allowRaed: undefined, allowInsrt() { return true; } })] });\n`;
    expect((await said(app)).map((text) => text.split(" | ")[1])).toEqual([
      "app.ts:3:40 allowRaed",
      "app.ts:3:62 allowInsrt",
    ]);
  });

  test("is found in a manifest that was printed as JSON, beside the builders' words", async () => {
    const app = `console.log(JSON.stringify({ manifest_version: 1, name: "a", version: "1", route: [], routes: [],
  entities: [{ name: "A", fields: [{ name: "b", type: "string", optional: false, unique: false, indexd: true }],
    indexes: [{ name: "by_b", fields: ["b"], unique: false, uniq: 1 }] }],
  policies: [{ name: "p", entity: "A", allow: "true", allowRaed: "false" }],
  auth: { session: { expiresIn: 60 } } }));\n`;
    expect(await said(app)).toEqual([
      "UNKNOWN_KEY `route` is no key of the manifest | app.ts:1:76 route | did you mean `routes`?",
      "UNKNOWN_KEY `indexd` is no key of entities[0].fields[0] | app.ts:2:97 indexd | the keys are name, type, optional, unique, crdt, serverOnly, syncOmit, readonly, encrypted, default, enumValues, readable, renamedFrom",
      "UNKNOWN_KEY `uniq` is no key of entities[0].indexes[0] | app.ts:3:61 uniq | did you mean `unique`?",
      "UNKNOWN_KEY `allowRaed` is no key of policies[0] | app.ts:4:55 allowRaed | did you mean `allowRead`?",
      "UNKNOWN_KEY `expiresIn` is no key of auth.session | app.ts:5:22 expiresIn | did you mean `expires_in`?",
    ]);
  });
});

test("an argument that is no object, and one too many, are told too", async () => {
  const app = `${HEAD}export default app({ name: "a", entities: [entity("A", { n: field.int("n").unique(1) }, "A")], policies: [
  policy("A", { allow: "true" })] });\n`;
  expect((await said(app)).filter((text) => text.startsWith("UNKNOWN_KEY"))).toEqual([
    'UNKNOWN_KEY field.int(…) takes no argument | app.ts:2:71 "n" | take it out; what else a field is, is called on it: .optional(), .default(…)',
    "UNKNOWN_KEY .unique(…) takes no argument | app.ts:2:83 1 | take it out; what else a field is, is called on it: .optional(), .default(…)",
    'UNKNOWN_KEY entity(…) takes an object | app.ts:2:89 "A" | write { … } with its keys',
    'UNKNOWN_KEY policy(…) takes an object | app.ts:3:10 "A" | write { … } with its keys',
    'UNKNOWN_KEY policy(…) takes one argument | app.ts:3:15 { allow: "true" } | take it out, or put it into the object before it',
  ]);
});

/** Where nothing else would show that what is right stays silent. */
test("every key that there is, and open definitions, are fine", async () => {
  const app = `${HEAD}const User = entity("User", { email: field.string() });
const A = entity("A", { userId: field.id("User"), v: field.vector(3).optional(), t: field.string().optional() }, {
  indexes: [{ name: "by_user", fields: ["userId"], unique: false, where: "t is not null" }],
  relations: [relation({ name: "user", target: User, field: "userId", many: undefined })],
  search: { text: ["t"], facets: [], sortable: [], language: "english" },
  sync: { where: "true", limit: 5 }, crdt: false, renamedFrom: "B",
});
const close = action("close", { input: [{ name: "all", type: "bool", optional: true }] });
export default app({ name: "a", version: "1", entities: [User, A], actions: [close], routes: [
    { path: "/", mode: "ssr", query: undefined, auth: "user", component: "x", layouts: [], kind: "page" }],
  policies: [policy({ name: "p", entity: A, allow: "true", allowRead: "true", allowInsert: "true", allowUpdate: "true",
    allowDelete: "true", allowWrite: "true" }), { name: "q", action: "close", allow: "true" }],
  auth: auth({ user: { entity: User, expose: [], hide: [] }, trustedOrigins: [],
    session: { expiresIn: 1, cookieCache: { enabled: true, maxAge: 1, claims: [] } } }),
  plugins: [definePlugin({ name: "mine", whatever: 1 })], crons: [cron({ at: "noon", what: { ever: 1 } })],
  queries: [], compat: "off", llm: { model: "m" }, fonts: [], connections: [], requiredEnv: [] });\n`;
  expect(await said(app)).toEqual([]);
});
