import { describe, expect, test } from "vitest";
import type { RawManifest } from "../../../generator/1-load/raw-manifest.ts";
import { resolve } from "../../../generator/2-resolve/index.ts";
import { check } from "../../../generator/3-check/index.ts";
import { loadedWith, rawEntity, rawField } from "../2-resolve/loaded.ts";

const open = (entity: string) => ({ name: entity, entity, allow: "auth.userId != null" });
const by = (field: string) => ({ name: `by_${field}`, fields: [field], unique: false });
const user = rawEntity("User", { email: "string" });

function said(manifest: Partial<RawManifest>, compat: "off" | "0.3" | "0.11" = "off"): string[] {
  const loaded = loadedWith(manifest);
  return check(resolve(loaded, { compat }).ir, loaded).map((d) => `${d.severity} ${d.code} ${d.at.key}`);
}

const withTodo = (fields: Record<string, string>, rule: string, more = {}, field = {}): Partial<RawManifest> => {
  const todo = rawEntity("Todo", fields, more);
  return {
    entities: [{ ...todo, fields: todo.fields.map((f, i) => (i === todo.fields.length - 1 ? { ...f, ...field } : f)) }],
    policies: [{ name: "todo", entity: "Todo", allow: rule }],
  };
};

test("a sound app has nothing to say", () => {
  expect(
    said(withTodo({ title: "string", userId: "string" }, "auth.userId == data.userId", { indexes: [by("userId")] })),
  ).toEqual([]);
});

describe("an index is missed where a list needs it, and nowhere else", () => {
  const fields = { userId: "string", teamId: "string", title: "string" };
  const cases: [string, string, object, string[]][] = [
    ["owner", "auth.userId == data.userId", {}, ["userId"]],
    ["either way round", "data.userId == auth.userId", {}, ["userId"]],
    [
      "one of two is enough",
      "auth.userId == data.userId && auth.tenantId == data.teamId",
      { indexes: [by("teamId")] },
      [],
    ],
    [
      "each alternative",
      "auth.userId == data.userId || auth.tenantId == data.teamId",
      { indexes: [by("teamId")] },
      ["userId"],
    ],
    ["alternatives of the caller", "auth.isAdmin || auth.userId == data.userId", {}, ["userId"]],
    [
      "second in an index does not count",
      "auth.userId == data.userId",
      { indexes: [{ name: "x", fields: ["title", "userId"], unique: false }] },
      ["userId"],
    ],
    ["id is indexed", "auth.userId == data.id", {}, []],
    ["a literal", "data.title == 'x'", {}, []],
    ["a negation", "auth.userId != data.userId", {}, []],
  ];
  for (const [name, rule, more, want] of cases)
    test(name, () => {
      const found = said(withTodo(fields, rule, more)).filter((text) => text.includes("INDEX_MISSING"));
      expect(found).toEqual(want.map((field) => `warning INDEX_MISSING field:Todo.${field}`));
    });
});

describe("a look-up is missed where it is made, with the whole index to add", () => {
  const MEMBER = "exists(Member where teamId == data.teamId and userId == auth.userId)";
  const team = (rules: object, ofTodo: object = {}, ofMember: object = {}): string[] => {
    const loaded = loadedWith({
      entities: [
        rawEntity("Todo", { teamId: "string", userId: "string", until: "datetime" }, ofTodo),
        rawEntity("Member", { teamId: "string", userId: "string", role: "string" }, ofMember),
      ],
      policies: [
        { name: "todo", entity: "Todo", allowWrite: "auth.isAdmin", ...rules },
        { name: "member", entity: "Member", allow: "auth.isAdmin" },
      ],
    });
    return check(resolve(loaded).ir, loaded)
      .filter((d) => d.code === "INDEX_MISSING")
      .map((d) => d.hint ?? "");
  };
  const add = (entity: string, name: string, ...fields: string[]) =>
    `add to ${entity}: indexes: [{ name: "${name}", fields: [${fields.map((f) => `"${f}"`).join(", ")}], unique: false }]`;
  const todoTeam = add("Todo", "by_team", "teamId");
  const memberUser = add("Member", "by_user_team", "userId", "teamId");
  const cases: [string, object, object, object, string[]][] = [
    ["both sides", { allowRead: MEMBER }, {}, {}, [todoTeam, memberUser]],
    [
      "the caller's column first",
      { allowRead: MEMBER },
      { indexes: [by("teamId")] },
      { indexes: [by("teamId")] },
      [memberUser],
    ],
    ["both there", { allowRead: MEMBER }, { indexes: [by("teamId")] }, { indexes: [by("userId")] }, []],
    ["in a negation", { allowRead: `!${MEMBER}` }, {}, {}, [todoTeam, memberUser]],
    [
      "a literal before the row's",
      { allowRead: "exists(Member where teamId == data.teamId and role == 'lead' and userId == auth.userId)" },
      { indexes: [by("teamId")] },
      {},
      [add("Member", "by_user_role_team", "userId", "role", "teamId")],
    ],
    [
      "nothing of the row",
      { allowRead: "exists(Member where userId == auth.userId)" },
      {},
      {},
      [add("Member", "by_user", "userId")],
    ],
    [
      "the row's id",
      { allowRead: "exists(Member where teamId == data.id and userId == auth.userId)" },
      {},
      {},
      [memberUser],
    ],
    ["in a write any column will do", { allowRead: "true", allowWrite: MEMBER }, {}, { indexes: [by("teamId")] }, []],
    ["and one is needed", { allowRead: "true", allowWrite: MEMBER }, {}, {}, [memberUser]],
    [
      "a free name",
      { allowRead: MEMBER },
      { indexes: [{ name: "by_team", fields: ["until"], unique: false }] },
      { indexes: [by("userId")] },
      [add("Todo", "by_team_2", "teamId")],
    ],
    ["the clock", { allowRead: "data.until > now" }, {}, {}, [add("Todo", "by_until", "until")]],
    [
      "a while ago",
      { allowRead: "ago('30d') < data.until || auth.isAdmin" },
      {},
      {},
      [add("Todo", "by_until", "until")],
    ],
    ["the clock of what is not synced", { allowRead: "data.until > now" }, { sync: false }, {}, []],
    ["the clock of a write", { allowRead: "true", allowWrite: "data.until > now" }, {}, {}, []],
    [
      "the sync scope",
      { allowRead: "true" },
      { sync_scope: `${MEMBER} && data.until > now` },
      {},
      [todoTeam, add("Todo", "by_until", "until"), memberUser],
    ],
  ];
  for (const [name, rules, ofTodo, ofMember, want] of cases)
    test(name, () => expect(team(rules, ofTodo, ofMember)).toEqual(want));
});

describe("fields", () => {
  const only = (type: string, field: object) =>
    said(withTodo({ title: "string", it: type }, "auth.userId != null", {}, field)).map((text) => text.split(" ")[1]);
  const cases: [string, object, string | null][] = [
    ["string", { crdt: "text" }, null],
    ["richtext", { crdt: "text" }, null],
    ["int", { crdt: "counter" }, null],
    ["json", { crdt: "tree" }, null],
    ["bool", { crdt: "lww" }, null],
    ["int", { crdt: "text" }, "CRDT_TYPE"],
    ["string", { crdt: "counter" }, "CRDT_TYPE"],
    ["string", { crdt: "list" }, "CRDT_TYPE"],
    ["int", { default: 1 }, null],
    ["int", { default: 1.5 }, "FIELD_DEFAULT_TYPE"],
    ["bool", { default: "no" }, "FIELD_DEFAULT_TYPE"],
    ["datetime", { default: "now" }, null],
    ["datetime", { default: "soon" }, "FIELD_DEFAULT_TYPE"],
    ["string", { enumValues: ["a"], default: "a" }, null],
    ["string", { enumValues: ["a"], default: "b" }, "FIELD_DEFAULT_TYPE"],
    ["string", { default: { $auth: "userId" } }, null],
    ["bool", { default: { $auth: "userId" } }, "FIELD_OWNER_TYPE"],
    ["string", { default: { $auth: "email" } }, "FIELD_DEFAULT_TYPE"],
    ["vector(0)", {}, "FIELD_TYPE_UNKNOWN"],
    ["id()", {}, "FIELD_TYPE_UNKNOWN"],
    ["id(Nobody)", {}, "FIELD_ID_TARGET_NOT_FOUND"],
    ["id(Todo)", {}, "RELATION_UNENFORCED"],
  ];
  for (const [type, field, want] of cases)
    test(`${type} ${JSON.stringify(field)} is ${want ?? "fine"}`, () =>
      expect(only(type, field)).toEqual(want === null ? [] : [want]));

  test("a field of unknown type silences what is compared with it", () => {
    expect(said(withTodo({ title: "string", level: "integer" }, "data.level == 3"))).toEqual([
      "error FIELD_TYPE_UNKNOWN field:Todo.level#type",
    ]);
  });
});

describe("a required field that clients cannot set is told where they may insert", () => {
  const cases: [string, object, string, boolean][] = [
    ["serverOnly", { serverOnly: true }, "auth.userId != null", true],
    ["readonly", { readonly: true }, "auth.userId != null", true],
    ["with a default", { serverOnly: true, default: 0 }, "auth.userId != null", false],
    ["optional", { serverOnly: true, optional: true }, "auth.userId != null", false],
    ["settable", {}, "auth.userId != null", false],
    ["where nobody inserts", { serverOnly: true }, "false", false],
  ];
  for (const [name, field, allowInsert, want] of cases)
    test(name, () => {
      const app = withTodo({ title: "string", it: "int" }, "auth.userId != null", {}, field);
      const policies = [{ name: "todo", entity: "Todo", allow: "auth.userId != null", allowInsert }];
      const found = said({ ...app, policies }).filter((text) => text.includes("FIELD_NEVER_SET"));
      expect(found).toEqual(want ? ["warning FIELD_NEVER_SET field:Todo.it"] : []);
    });

  test("a tenant and an owner are stamped, and sign-up makes users", () => {
    const user = rawEntity("User", { email: "string", _mark: "string", passwordHash: "string" });
    const todo = rawEntity("Todo", { tenantId: "string", it: "vector(3)" });
    const found = said({ entities: [user, todo], policies: [open("User"), open("Todo")] });
    expect(found.filter((text) => text.includes("FIELD_NEVER_SET"))).toEqual(["warning FIELD_NEVER_SET field:Todo.it"]);
  });
});

describe("relations", () => {
  const post = (relations: object[]) => ({
    entities: [
      { ...user, relations },
      rawEntity("Post", { authorId: "string", views: "int" }),
    ] as RawManifest["entities"],
    policies: [open("User"), open("Post")],
  });
  const cases: [string, object, string[]][] = [
    ["many goes over a column of the target", { target: "Post", field: "authorId", many: true }, []],
    ["one goes over a column of its own", { target: "Post", field: "email", many: false }, []],
    [
      "many over a column of its own",
      { target: "Post", field: "email", many: true },
      ["error RELATION_FIELD_NOT_FOUND relation:User.r#field"],
    ],
    [
      "an unknown target silences the field",
      { target: "Pst", field: "nothing", many: true },
      ["error RELATION_TARGET_NOT_FOUND relation:User.r#target"],
    ],
    [
      "over a number",
      { target: "Post", field: "views", many: true },
      ["error RELATION_FIELD_TYPE relation:User.r#field"],
    ],
  ];
  for (const [name, relation, want] of cases)
    test(name, () => expect(said(post([{ name: "r", ...relation }]))).toEqual(want));
});

describe("rules", () => {
  const mixed = withTodo({ title: "string", level: "int" }, "data.level == '3'");

  test("string against number is a warning in compatibility mode", () => {
    expect(said(mixed)).toEqual(["error POLICY_TYPE policy:todo.allow"]);
    expect(said(mixed, "0.11")).toEqual(["warning POLICY_TYPE policy:todo.allow"]);
  });

  test("`true` is noted, not warned of", () => {
    expect(said(withTodo({ title: "string" }, "true"))).toEqual(["info POLICY_ALWAYS_TRUE policy:todo.allow"]);
  });

  test("a mistake in a rule that decides four operations is told once", () => {
    expect(said(withTodo({ title: "string" }, "data.titel == 'x'"))).toEqual([
      "error POLICY_UNKNOWN_FIELD policy:todo.allow",
    ]);
  });

  test("the rules of a field and of a sync scope are checked too", () => {
    const fields = [rawField("title", "string"), rawField("note", "string", { readable: "data.nobody == 1" })];
    const entities = [{ ...rawEntity("Todo", {}, { sync_scope: "data.nothing == 1" }), fields }];
    expect(said({ entities, policies: [open("Todo")] })).toEqual([
      "error POLICY_UNKNOWN_FIELD readable:Todo.note",
      "error POLICY_UNKNOWN_FIELD sync:Todo",
    ]);
  });
});

describe("coverage", () => {
  test("an entity, or the operations that are left out", () => {
    expect(said({ entities: [user] })).toEqual(["warning ENTITY_UNCOVERED entity:User"]);
    expect(said({ entities: [user], policies: [{ name: "p", entity: "User", allowRead: "auth.isAdmin" }] })).toEqual([
      "warning OPERATION_UNCOVERED entity:User",
    ]);
  });
});
