import { expect, test } from "vitest";
import { loadFiles, pointed } from "./app-folder.ts";

const FILES = {
  "lib/helpers.ts": `import { field, policy } from "pylon";
export const timestamps = () => ({
  createdAt: field.datetime().defaultNow(),
});
export const ownerOnly = (entity: string) =>
  policy({ name: \`\${entity}Own\`, entity, allow: "auth.userId == data.ownerId" });
`,
  "schema/user.ts": `import { entity, field } from "pylon";

export const User = entity("User", {
  email: field.string().unique(),
});
`,
  "app.ts": `import { action, app, auth, defineRoute, entity, field, policy, query, relation } from "pylon";
import { ownerOnly, timestamps } from "./lib/helpers.ts";
import { User } from "./schema/user.ts";

const now = () => field.datetime();

// A comment with "quotes", (brackets and entity("Note") in it.
const Note = entity(
  "Note",
  {
    ownerId: field.id("User").owner(),
    title: field
      .string()
      .crdt("text")
      .readable("auth.userId == data.ownerId"),
    "body": field.richtext().optional(), seenAt: now(),
    ...timestamps(),
  },
  {
    indexes: [
      { name: "by_owner", fields: ["ownerId", "title"], unique: false },
      { fields: ["title"], name: 'by_title' },
    ],
    relations: [relation({ name: "owner", target: "User", field: "ownerId" }), { name: "o2", target: User, field: "ownerId" }],
    search: { text: ["title", "body"] },
    sync: { where: "data.title != ''", limit: 10 },
  },
);

export default app({
  name: "notes",
  version: "1.0.0",
  entities: [User, Note],
  routes: [defineRoute({ path: "/notes", mode: "static" })],
  queries: [query("byTag", { input: [{ name: "tag", type: "string" }] })],
  actions: [action("publish")],
  policies: [
    policy({
      name: "noteRead",
      entity: "Note",
      allowRead: "auth.userId == data.ownerId",
      allowInsert: 'data.title != "\\tta\\u0062" && auth.usrId != null',
    }),
    ownerOnly("Note"),
    policy({ entity: "User", allow: "true" }),
  ],
  auth: auth({ user: { entity: "User" } }),
});
`,
};

test("every builder is found where the app wrote it", async () => {
  const loaded = await loadFiles(FILES);
  expect(loaded.diagnostics).toEqual([]);
  const at = (key: string) => pointed(loaded, FILES, key);
  expect(at("entity:User")).toBe('schema/user.ts:3:28 "User"');
  expect(at("field:User.email")).toBe("schema/user.ts:4:3 email");
  expect(at("entity:Note")).toBe('app.ts:9:3 "Note"');
  expect(at("field:Note.ownerId")).toBe("app.ts:11:5 ownerId");
  expect(at("field:Note.ownerId#type")).toBe('app.ts:11:23 "User"');
  expect(at("field:Note.title")).toBe("app.ts:12:5 title");
  expect(at("field:Note.title#crdt")).toBe('app.ts:14:13 "text"');
  expect(at("readable:Note.title")).toBe('app.ts:15:17 "auth.userId == data.ownerId"');
  expect(at("field:Note.body")).toBe('app.ts:16:5 "body"');
  expect(at("index:Note.by_owner")).toBe(
    'app.ts:21:7 { name: "by_owner", fields: ["ownerId", "title"], unique: false }',
  );
  expect(at("index:Note.by_owner#fields.1")).toBe('app.ts:21:47 "title"');
  expect(at("index:Note.by_title#fields.0")).toBe('app.ts:22:18 "title"');
  expect(at("relation:Note.owner#target")).toBe('app.ts:24:51 "User"');
  expect(at("relation:Note.o2#field")).toBe('app.ts:24:115 "ownerId"');
  expect(at("search:Note#text.1")).toBe('app.ts:25:31 "body"');
  expect(at("sync:Note")).toBe("app.ts:26:20 \"data.title != ''\"");
  expect(at("policy:noteRead")).toBe('app.ts:39:13 "noteRead"');
  expect(at("policy:noteRead.allowRead")).toBe('app.ts:41:18 "auth.userId == data.ownerId"');
  expect(at("policy:user_p2.allow")).toBe('app.ts:45:37 "true"');
  expect(at("route:/notes")).toBe('app.ts:34:32 "/notes"');
  expect(at("query:byTag")).toBe('app.ts:35:19 "byTag"');
  expect(at("query:byTag#input.0.type")).toBe('app.ts:35:59 "string"');
  expect(at("action:publish")).toBe('app.ts:36:20 "publish"');
  expect(at("auth#user.entity")).toBe('app.ts:47:32 "User"');
  expect(at("app#name")).toBe('app.ts:31:9 "notes"');
  expect(at("file:schema/user.ts")).toBe("schema/user.ts:1:1 ");
});

test("a part of a policy string is found through its escapes", async () => {
  const loaded = await loadFiles(FILES);
  const value = loaded.manifest?.policies[0]?.allowInsert ?? "";
  expect(value).toBe('data.title != "\ttab" && auth.usrId != null');
  const part = (text: string) =>
    pointed(loaded, FILES, { key: "policy:noteRead.allowInsert", offset: value.indexOf(text), length: text.length });
  expect(part("auth.usrId")).toBe("app.ts:42:51 auth.usrId");
  expect(part('"\ttab"')).toBe('app.ts:42:35 "\\tta\\u0062"');
});

test("what a helper made points at its use, and says where it was made", async () => {
  const loaded = await loadFiles(FILES);
  expect(pointed(loaded, FILES, "field:Note.createdAt")).toBe("app.ts:17:8 timestamps made in lib/helpers.ts:3:3");
  expect(pointed(loaded, FILES, "field:Note.seenAt")).toBe("app.ts:16:42 seenAt made in app.ts:5:19");
  expect(pointed(loaded, FILES, { key: "policy:NoteOwn.allow", offset: 15, length: 12 })).toBe(
    "app.ts:44:5 ownerOnly made in lib/helpers.ts:6:65",
  );
});

test("things of one name are told apart by their order", async () => {
  const files = {
    "app.ts": `import { app, entity, field } from "pylon";
const A = entity("A", { x: field.int() }, { indexes: [{ name: "i", fields: ["x"] }, { name: "i", fields: ["y" as "x"] }] });
const B = entity("A", { x: field.int() });
export default app({ name: "a", entities: [A, B] });
`,
  };
  const loaded = await loadFiles(files);
  expect(pointed(loaded, files, "entity:A")).toBe('app.ts:2:18 "A"');
  expect(pointed(loaded, files, "entity:A@2")).toBe('app.ts:3:18 "A"');
  expect(pointed(loaded, files, "index:A.i@2#fields.0")).toBe('app.ts:2:107 "y"');
});

test("a manifest written by hand is found by its names", async () => {
  const files = {
    "app.ts": `console.log(JSON.stringify({
  manifest_version: 1, name: "plain", version: "1",
  entities: [{
    name: "Post",
    fields: [{ name: "title", type: "string", optional: false, unique: false }],
    indexes: [{ name: "by_title", fields: ["titel"], unique: false }],
  }],
  routes: [],
  policies: [{ name: "Post", entity: "Post", "allowRead": "auth.userId != 'a'", allow: "" }],
}));
`,
  };
  const loaded = await loadFiles(files);
  expect(loaded.diagnostics).toEqual([]);
  expect(loaded.manifest?.policies).toEqual([{ name: "Post", entity: "Post", allowRead: "auth.userId != 'a'" }]);
  const at = (key: string) => pointed(loaded, files, key);
  expect(at("entity:Post")).toBe('app.ts:4:11 "Post"');
  expect(at("field:Post.title")).toBe('app.ts:5:22 "title"');
  expect(at("index:Post.by_title")).toBe('app.ts:6:23 "by_title"');
  expect(at("policy:Post")).toBe('app.ts:9:22 "Post"');
  expect(pointed(loaded, files, { key: "policy:Post.allowRead", offset: 5, length: 6 })).toBe("app.ts:9:65 userId");
});
