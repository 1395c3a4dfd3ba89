import { expect, test } from "vitest";
import { reviewClients } from "../../../generator/cli/client-review.ts";
import type { AppIr, EntityIr, FieldIr } from "../../../generator/ir/app.ts";

const FIELD: FieldIr = {
  name: "done",
  type: { kind: "bool" },
  optional: true,
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
  origin: { key: "field:Todo.done" },
};

function app(...fields: readonly FieldIr[]): AppIr {
  const entity: EntityIr = {
    name: "Todo",
    table: "Todo",
    file: "todo",
    fields,
    indexes: [],
    relations: [],
    rules: { read: null, insert: null, update: null, delete: null },
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
  return { name: "a", version: "1", compat: "off", entities: [entity], auth, manifest: {}, hasPage: false };
}

const cases: readonly (readonly [string, AppIr, readonly string[]])[] = [
  ["nothing changed", app(FIELD), []],
  ["a field is gone", app(), ["Todo.done is gone"]],
  ["a field became required", app({ ...FIELD, optional: false }), ["Todo.done became required"]],
  ["required, but with a default", app({ ...FIELD, optional: false, default: { kind: "now" } }), []],
  ["another type", app({ ...FIELD, type: { kind: "int" } }), ["Todo.done is int, was bool"]],
  ["hidden", app({ ...FIELD, serverOnly: true }), ["Todo.done is no longer sent to clients"]],
  ["read-only", app({ ...FIELD, readonly: true }), ["Todo.done became read-only"]],
  ["a new optional field", app(FIELD, { ...FIELD, name: "at" }), []],
  ["a new required field", app(FIELD, { ...FIELD, name: "at", optional: false }), ["Todo.at is new and required"]],
  ["the entity is gone", { ...app(FIELD), entities: [] }, ["Todo is gone"]],
];
for (const [what, after, want] of cases) test(what, () => expect(reviewClients(app(FIELD), after)).toEqual(want));
