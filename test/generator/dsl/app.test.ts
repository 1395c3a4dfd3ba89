import { expect, test } from "vitest";
import {
  action,
  app,
  auth,
  buildManifest,
  entity,
  field,
  policy,
  query,
  relation,
  requireEnv,
} from "../../../generator/dsl/index.ts";

test("the manifest has the keys of the format, in its order, and none that is unset", () => {
  const User = entity("User", { email: field.string().unique() });
  const Post = entity(
    "Post",
    {
      author: field.id("User").owner(),
      title: field.string().crdt("text").default(""),
      state: field.enum(["a", "b"]).optional(),
      secret: field.string().serverOnly().syncOmit().readonly().encrypted(),
      at: field.datetime().defaultNow(),
      old: field.number().renamedFrom("older"),
      flag: field.boolean().readable("auth.isAdmin"),
    },
    {
      indexes: [{ name: "by_author", fields: ["author"] }],
      relations: [relation({ name: "author", target: User, field: "author" })],
      search: { text: ["title"] },
      sync: { where: "data.title != ''", limit: 5 },
    },
  );
  const made = buildManifest({
    compat: "0.11",
    requiredEnv: [requireEnv("KEY", { description: "a key" })],
    crons: [],
    auth: auth({ session: { expiresIn: 60, cookieCache: { enabled: true } }, trustedOrigins: ["https://x.test"] }),
    policies: [policy({ entity: Post, action: action("publish"), allow: "true", allowRead: "" })],
    actions: [action("publish")],
    queries: [query("q", { input: [{ name: "tag", type: "string" }] })],
    entities: [User, Post],
    version: "1.2.3",
    name: "blog",
  });
  expect(JSON.stringify(made)).toBe(
    JSON.stringify({
      manifest_version: 1,
      name: "blog",
      version: "1.2.3",
      entities: [
        { name: "User", fields: [{ name: "email", type: "string", optional: false, unique: true }], indexes: [] },
        {
          name: "Post",
          fields: [
            {
              name: "author",
              type: "id(User)",
              optional: false,
              unique: false,
              readonly: true,
              default: { $auth: "userId" },
            },
            { name: "title", type: "string", optional: false, unique: false, crdt: "text", default: "" },
            { name: "state", type: "string", optional: true, unique: false, enumValues: ["a", "b"] },
            {
              name: "secret",
              type: "string",
              optional: false,
              unique: false,
              serverOnly: true,
              syncOmit: true,
              readonly: true,
              encrypted: true,
            },
            { name: "at", type: "datetime", optional: false, unique: false, default: "now" },
            { name: "old", type: "float", optional: false, unique: false, renamedFrom: "older" },
            { name: "flag", type: "bool", optional: false, unique: false, readable: "auth.isAdmin" },
          ],
          indexes: [{ name: "by_author", fields: ["author"], unique: false }],
          relations: [{ name: "author", target: "User", field: "author" }],
          search: { text: ["title"], facets: [], sortable: [] },
          sync_scope: "data.title != ''",
          sync_limit: 5,
        },
      ],
      routes: [],
      queries: [{ name: "q", input: [{ name: "tag", type: "string", optional: false, unique: false }] }],
      actions: [{ name: "publish" }],
      policies: [{ name: "post_p0", allow: "true", entity: "Post", action: "publish" }],
      auth: {
        user: { entity: "User", expose: [], hide: [] },
        session: {
          expires_in: 60,
          cookie_cache: { enabled: true, max_age: 300, claims: ["is_admin", "tenant_id"] },
        },
        trusted_origins: ["https://x.test"],
      },
      requiredEnv: [{ name: "KEY", description: "a key" }],
      compat: "0.11",
    }),
  );
});

test("auth is there even when the app says nothing; app is buildManifest", () => {
  expect(app({ name: "a", entities: [] })).toMatchObject({
    version: "0.0.0",
    auth: { user: { entity: "User" }, session: { expires_in: 2_592_000 }, trusted_origins: [] },
  });
});

test("a modifier gives a new field and leaves the old one", () => {
  const plain = field.string();
  const unique = plain.unique();
  expect([plain._def.unique, unique._def.unique]).toEqual([false, true]);
  expect(Object.isFrozen(plain) && Object.isFrozen(plain._def)).toBe(true);
});

test.each([0, 8193, 1.5, Number.NaN])("field.vector(%s) throws", (size) => {
  expect(() => field.vector(size)).toThrow("from 1 to 8192");
});
