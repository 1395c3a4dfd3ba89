import type { AppIr, EntityIr, FieldIr, FieldType } from "../../../../generator/ir/app.ts";

/** A small IR made by hand: fields with only what a test is about. */
export const field = (name: string, type: FieldType, more: Partial<FieldIr> = {}): FieldIr => ({
  name,
  type,
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
  origin: { key: `field:${name}` },
  ...more,
});

export const text: FieldType = { kind: "string", values: null };

export const entity = (name: string, fields: readonly FieldIr[], more: Partial<EntityIr> = {}): EntityIr => ({
  name,
  table: name,
  file: name.charAt(0).toLowerCase() + name.slice(1),
  fields,
  indexes: [],
  relations: [],
  rules: { read: null, insert: null, update: null, delete: null },
  tenantField: null,
  ownerField: null,
  sync: { kind: "all" },
  renamedFrom: null,
  origin: { key: `entity:${name}` },
  ...more,
});

export const app = (entities: readonly EntityIr[], name = "todo"): AppIr => ({
  name,
  version: "0.1.0",
  compat: "off",
  entities,
  auth: {
    userEntity: "User",
    hasUserEntity: true,
    expose: [],
    hide: [],
    sessionSeconds: 2_592_000,
    trustedOrigins: [],
    cookieName: "todo_session",
  },
  manifest: {},
  hasPage: false,
});

export const todo = entity(
  "Todo",
  [
    field("userId", { kind: "id", target: "User" }, { readonly: true, default: { kind: "userId" } }),
    field("title", text),
    field("done", { kind: "bool" }, { default: { kind: "value", value: false } }),
    field("createdAt", { kind: "datetime" }, { default: { kind: "now" } }),
  ],
  { ownerField: "userId" },
);

export const user = entity("User", [
  field("email", text, { unique: true }),
  field("displayName", text),
  field("passwordHash", text, { optional: true, serverOnly: true, hidden: true }),
]);

/** Everything that the client's text depends on. */
export const wide = entity(
  "Wide",
  [
    field("tenantId", text),
    field(
      "status",
      { kind: "string", values: ["draft", "it's", "</script>"] },
      { default: { kind: "value", value: "draft" } },
    ),
    field("mood", { kind: "string", values: Array.from({ length: 20 }, (_, i) => `mood-${i}`) }, { optional: true }),
    field("note", text, { optional: true }),
    field("rank", { kind: "int" }, { optional: true, default: { kind: "value", value: 7 } }),
    field("meta", { kind: "json" }, { optional: true }),
    field("salary", { kind: "float" }, { readable: { source: "", expr: truth(), policies: [], origin: { key: "" } } }),
    field("secret", text, { serverOnly: true }),
    field("vault", text, { encrypted: true }),
    field("notes", { kind: "richtext" }, { syncOmit: true, optional: true }),
    field("editedAt", { kind: "datetime" }, { readonly: true, optional: true }),
    field("default", { kind: "bool" }),
  ],
  { tenantField: "tenantId" },
);

function truth() {
  return { kind: "literal", value: true, span: { offset: 0, length: 4 } } as const;
}

/** Names that clash with the file's own, and an entity that is not synced. */
export const clashing = [
  entity("Client", [field("Query", text)]),
  entity("UserPatch", [field("x", text)]),
  entity("string", [field("x", { kind: "int" })]),
  entity("Log", [field("line", text), field("at", { kind: "datetime" }, { readonly: true })], {
    sync: { kind: "none" },
  }),
  entity("Empty", []),
  entity("AVeryLongEntityNameThatDoesNotFitOnOneLine", [field("x", text, { readonly: true })]),
];
