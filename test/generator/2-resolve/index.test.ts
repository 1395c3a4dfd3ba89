import { describe, expect, test } from "vitest";
import type { RawManifest } from "../../../generator/1-load/raw-manifest.ts";
import type { LoadResult } from "../../../generator/1-load/result.ts";
import { resolve } from "../../../generator/2-resolve/index.ts";
import type { EntityIr } from "../../../generator/ir/app.ts";
import { loadedWith, rawEntity, rawField } from "./loaded.ts";

const todo = rawEntity("Todo", { title: "string", userId: "id(User)" });
const irOf = (manifest: Partial<RawManifest>, more: Partial<LoadResult> = {}) => resolve(loadedWith(manifest, more)).ir;
const first = (manifest: Partial<RawManifest>, more: Partial<LoadResult> = {}): EntityIr => {
  const [entity] = irOf(manifest, more).entities;
  if (entity === undefined) throw new Error("no entity");
  return entity;
};

describe("fields", () => {
  const fieldsOf = (fields: ReturnType<typeof rawField>[], hide: string[] = [], name = "User", expose: string[] = []) =>
    Object.fromEntries(
      first({
        entities: [{ ...rawEntity(name, {}), fields }],
        auth: { ...(loadedWith({}).manifest as RawManifest).auth, user: { entity: "User", expose, hide } },
      }).fields.map((f) => [f.name, f]),
    );

  test("columns of secrets are hidden in every entity; those of `hide` can be written, in the user entity, and are not sent", () => {
    const names = ["email", "passwordHash", "_internal", "phone"];
    const fields = (entity: string) =>
      Object.values(
        fieldsOf(
          names.map((n) => rawField(n, "string")),
          ["phone"],
          entity,
        ),
      );
    const hidden = (entity: string) => fields(entity).flatMap((f) => (f.hidden && f.serverOnly ? [f.name] : []));
    const unsent = (entity: string) => fields(entity).flatMap((f) => (f.serverOnly ? [f.name] : []));
    expect(hidden("User")).toEqual(["passwordHash", "_internal"]);
    expect(unsent("User")).toEqual(["passwordHash", "_internal", "phone"]);
    expect(unsent("Other")).toEqual(["passwordHash", "_internal"]);
  });

  test("what `expose` leaves out of user rows is not sent from any route, and can be written", () => {
    const fields = ["email", "displayName", "note"].map((n) => rawField(n, "string"));
    const unsent = (name: string) =>
      Object.values(fieldsOf(fields, [], name, ["displayName"])).flatMap((f) =>
        f.serverOnly && !f.hidden ? [f.name] : [],
      );
    expect(unsent("User")).toEqual(["email", "note"]);
    expect(unsent("Other")).toEqual([]);
  });

  test("defaults: now on a datetime only, owner is the caller's id and readonly, vectors stay on the server", () => {
    const f = fieldsOf([
      rawField("at", "datetime", { default: "now" }),
      rawField("word", "string", { default: "now" }),
      rawField("ownerId", "id(User)", { default: { $auth: "userId" } }),
      rawField("state", "string", { enumValues: ["a", "b"], default: "a" }),
      rawField("near", "vector(3)"),
    ]);
    expect(f.at?.default).toEqual({ kind: "now" });
    expect(f.word?.default).toEqual({ kind: "value", value: "now" });
    expect([f.ownerId?.default, f.ownerId?.readonly]).toEqual([{ kind: "userId" }, true]);
    expect(f.state?.type).toEqual({ kind: "string", values: ["a", "b"] });
    expect([f.near?.type, f.near?.serverOnly, f.near?.hidden]).toEqual([{ kind: "vector", size: 3 }, true, false]);
  });

  test("tenant and owner columns are found", () => {
    const entity = first({
      entities: [
        {
          ...todo,
          fields: [
            ...todo.fields,
            rawField("tenant_id", "string"),
            rawField("by", "string", { default: { $auth: "userId" } }),
          ],
        },
      ],
    });
    expect([entity.tenantField, entity.ownerField]).toEqual(["tenant_id", "by"]);
    expect([first({ entities: [todo] }).tenantField, first({ entities: [todo] }).ownerField]).toEqual([null, null]);
  });
});

describe("rules", () => {
  const sources = (policies: RawManifest["policies"], more: Partial<LoadResult> = {}) => {
    const { rules } = first({ entities: [todo], policies }, more);
    return Object.fromEntries(Object.entries(rules).map(([operation, rule]) => [operation, rule?.source ?? null]));
  };

  test("the first non-empty of the special, the write and the general rule decides", () => {
    expect(
      sources([
        { name: "p", entity: "Todo", allow: "true", allowWrite: "auth.isAdmin", allowInsert: "false", allowRead: "" },
      ]),
    ).toEqual({ read: "true", insert: "false", update: "auth.isAdmin", delete: "auth.isAdmin" });
    expect(sources([{ name: "p", entity: "Todo", allowRead: "true" }])).toEqual({
      read: "true",
      insert: null,
      update: null,
      delete: null,
    });
  });

  test("policies are joined by AND; an `||` keeps its parentheses", () => {
    const policies = [
      { name: "a", entity: "Todo", allowRead: "auth.isAdmin || data.title == 'x'" },
      { name: "b", entity: "Todo", allowRead: "auth.userId != null && auth.userId == data.userId" },
      { name: "c", entity: "Todo", allowWrite: "true" },
    ];
    const rule = first({ entities: [todo], policies }).rules.read;
    expect(rule?.source).toBe(
      "(auth.isAdmin || data.title == 'x') && auth.userId != null && auth.userId == data.userId",
    );
    expect(rule?.policies).toEqual(["a", "b"]);
    expect(rule?.expr.kind === "and" && rule.expr.parts.map((p) => p.kind)).toEqual(["or", "compare", "compare"]);
  });

  test("an arrow is a rule though its text is empty, and a string in the manifest", () => {
    const span = { offset: 0, length: 1 };
    const expr = {
      kind: "compare",
      op: "==",
      left: { kind: "path", segments: ["auth", "userId"], span },
      right: { kind: "path", segments: ["data", "userId"], span },
      span,
    } as const;
    const arrows = new Map([
      ["policy:p.allowRead", { expr, source: "({ auth, data }) => auth.userId === data.userId" }],
    ]);
    const { ir } = resolve(
      loadedWith({ entities: [todo], policies: [{ name: "p", entity: "Todo", allowRead: "" }] }, { arrows }),
    );
    expect(ir.entities[0]?.rules.read?.source).toBe("auth.userId == data.userId");
    expect(ir.manifest.policies).toEqual([{ name: "p", allowRead: "auth.userId == data.userId", entity: "Todo" }]);
  });

  test("a rule that cannot be read is reported once, denies, and does not count as missing", () => {
    const { ir, diagnostics } = resolve(
      loadedWith({ entities: [todo], policies: [{ name: "p", entity: "Todo", allow: "auth.userId = data.userId" }] }),
    );
    expect(diagnostics.map((d) => [d.code, d.at.key])).toEqual([["POLICY_SYNTAX", "policy:p.allow"]]);
    expect(ir.entities[0]?.rules.delete?.expr).toMatchObject({ kind: "literal", value: false });
  });
});

describe("app", () => {
  test("compatibility: the command line, then the app, then the packages it imports", () => {
    expect(irOf({}).compat).toBe("off");
    expect(irOf({}, { usesOriginalPackages: true }).compat).toBe("0.11");
    expect(irOf({}, { usesOriginalPackages: true, compat: "0.3" }).compat).toBe("0.3");
    expect(resolve(loadedWith({}, { compat: "0.3" }), { compat: "off" }).ir.compat).toBe("off");
  });

  test("sync", () => {
    const sync = (more: object) => first({ entities: [{ ...todo, ...more }] }).sync;
    expect(sync({})).toEqual({ kind: "all" });
    expect(sync({ sync: false })).toEqual({ kind: "none" });
    expect(sync({ sync_limit: 5 })).toEqual({ kind: "scope", rule: null, limit: 5 });
    expect(sync({ sync_scope: "data.title == 'x'" })).toMatchObject({
      rule: { source: "data.title == 'x'" },
      limit: null,
    });
  });

  test("the manifest has the keys of the format in their order, and nothing that is unset", () => {
    const { manifest } = irOf({
      entities: [
        {
          ...todo,
          search: { sortable: [], text: ["title"], facets: [] },
          relations: [
            { field: "userId", target: "User", name: "user", many: false },
            { field: "todoId", target: "Tag", name: "tags", many: true },
          ],
          indexes: [{ unique: false, fields: ["userId"], name: "by_user" }],
        },
      ],
      policies: [{ name: "p", entity: "Todo", allowWrite: "false", allow: "true", allowRead: "" }],
    });
    expect(JSON.stringify(manifest)).toBe(
      JSON.stringify({
        manifest_version: 1,
        name: "demo",
        version: "0.1.0",
        entities: [
          {
            name: "Todo",
            fields: [
              { name: "title", type: "string", optional: false, unique: false },
              { name: "userId", type: "id(User)", optional: false, unique: false },
            ],
            indexes: [{ name: "by_user", fields: ["userId"], unique: false }],
            relations: [
              { name: "user", target: "User", field: "userId" },
              { name: "tags", target: "Tag", field: "todoId", many: true },
            ],
            search: { text: ["title"], facets: [], sortable: [] },
          },
        ],
        routes: [],
        queries: [],
        actions: [],
        policies: [{ name: "p", allow: "true", allowWrite: "false", entity: "Todo" }],
        auth: (loadedWith({}).manifest as RawManifest).auth,
      }),
    );
  });

  test("one warning names all that is not served yet", () => {
    const { diagnostics } = resolve(
      loadedWith(
        {
          entities: [
            rawEntity(
              "Doc",
              { body: "richtext", title: "string" },
              { search: { text: ["title"], facets: [], sortable: [] } },
            ),
          ],
          actions: [{ name: "send", input: [] }],
        },
        { functions: ["a", "b", "c", "d", "e", "f"].map((name) => ({ name, file: `functions/${name}.ts` })) },
      ),
    );
    expect(diagnostics.map((d) => [d.severity, d.message])).toEqual([
      [
        "warning",
        "accepted, but not served yet: functions (a, b, c, d and 2 more), search (Doc), CRDT merging (Doc.body), actions (send)",
      ],
    ]);
    expect(resolve(loadedWith({ entities: [todo] })).diagnostics).toEqual([]);
  });
});
