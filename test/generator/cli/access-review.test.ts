import { expect, test } from "vitest";
import { reviewAccess } from "../../../generator/cli/access-review.ts";
import type { AppIr, EntityIr, FieldIr, RuleIr } from "../../../generator/ir/app.ts";
import { parsePolicy } from "../../../generator/policy/parse.ts";

function rule(source: string): RuleIr {
  const parsed = parsePolicy(source);
  if (!parsed.ok) throw new Error(source);
  return { source, expr: parsed.expr, policies: [], origin: { key: "policy:todo" } };
}

function field(name: string, more: Partial<FieldIr> = {}): FieldIr {
  return {
    name,
    type: { kind: "string", values: null },
    optional: false,
    unique: false,
    default: null,
    readonly: false,
    serverOnly: false,
    hidden: false,
    syncOmit: false,
    encrypted: false,
    readable: null,
    crdt: null,
    renamedFrom: null,
    origin: { key: `field:Todo.${name}` },
    ...more,
  };
}

function app(read: string | null, more: Partial<AppIr> = {}, notes: Partial<FieldIr> = {}): AppIr {
  const entity: EntityIr = {
    name: "Todo",
    table: "Todo",
    file: "todo",
    fields: [field("userId"), field("notes", notes)],
    indexes: [],
    relations: [],
    rules: { read: read === null ? null : rule(read), insert: null, update: null, delete: null },
    tenantField: null,
    ownerField: null,
    sync: { kind: "all" },
    renamedFrom: null,
    origin: { key: "entity:Todo" },
  };
  const auth = {
    userEntity: "User",
    hasUserEntity: false,
    expose: [],
    hide: [],
    sessionSeconds: 1,
    trustedOrigins: [],
    cookieName: "s",
  };
  return { name: "a", version: "1", compat: "off", entities: [entity], auth, manifest: {}, hasPage: false, ...more };
}

const OWN = "auth.userId == data.userId";
const lines = (before: AppIr, after: AppIr) =>
  reviewAccess(before, after).map((c) => `${c.change} ${c.subject}: ${c.before} → ${c.after}`);

for (const [before, after, want] of [
  [OWN, OWN, []],
  [OWN, "data.userId == auth.userId", []],
  [OWN, "auth.userId != null", ["widened Todo.read: owner → any signed-in user"]],
  ["auth.userId != null", OWN, ["narrowed Todo.read: any signed-in user → owner"]],
  [OWN, null, ["narrowed Todo.read: owner → nobody"]],
  [null, "true", ["widened Todo.read: nobody → anyone"]],
] as const)
  test(`${before} → ${after}`, () => expect(lines(app(before), app(after))).toEqual(want));

test("rules of which neither follows from the other are not decided", () => {
  const [change] = reviewAccess(app(OWN), app('data.notes == "public"'));
  expect(change).toMatchObject({ change: "changed", subject: "Todo.read", before: "owner" });
});

test("an operation without a rule is open in 0.3", () => {
  const open = { compat: "0.3" } as const;
  expect(lines(app(null, open), app("true", open))).toEqual([]);
});

test("a field that stops being secret is widened", () => {
  expect(lines(app(OWN, {}, { serverOnly: true }), app(OWN))).toEqual(["widened Todo.notes read: nobody → anyone"]);
  expect(lines(app(OWN), app(OWN, {}, { readable: rule(OWN) }))).toEqual(["narrowed Todo.notes read: anyone → owner"]);
});

test("a new entity is nobody's loss", () => expect(lines(app(OWN, { entities: [] }), app("true"))).toEqual([]));
