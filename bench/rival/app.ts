/** The app of ../app as the real server takes it: the manifest on stdout, without an SDK. `run` refuses when the two differ. */
const field = (name: string, type: string, more = {}) => ({ name, type, optional: false, unique: false, ...more });

const entity = (name: string, fields: object[], indexes: object[] = []) => ({ name, fields, indexes });

const manifest = {
  manifest_version: 1,
  name: "bench",
  version: "0.1.0",
  entities: [
    entity("User", [
      field("email", "string", { unique: true }),
      field("displayName", "string", { optional: true }),
      field("createdAt", "datetime", { optional: true }),
    ]),
    entity("Item", [
      field("title", "string"),
      field("body", "string"),
      field("done", "bool"),
      field("rank", "int"),
      field("price", "float"),
      field("at", "datetime"),
    ]),
    entity(
      "Note",
      [
        field("userId", "id(User)"),
        field("title", "string"),
        field("body", "string"),
        field("done", "bool"),
        field("at", "datetime"),
      ],
      [{ name: "by_user", fields: ["userId"], unique: false }],
    ),
    entity("Project", [field("ownerId", "id(User)"), field("name", "string"), field("archived", "bool")]),
    entity("Tag", [
      field("projectId", "id(Project)"),
      field("label", "string"),
      field("color", "string", { optional: true }),
    ]),
  ],
  routes: [],
  queries: [],
  actions: [],
  policies: [
    { name: "user", allowRead: "auth.userId != null", allowWrite: "auth.userId == data.id", entity: "User" },
    { name: "item", allow: "true", entity: "Item" },
    { name: "note", allow: "auth.userId == data.userId", entity: "Note" },
    {
      name: "project",
      allowRead: "auth.userId == data.ownerId || auth.hasRole('auditor')",
      allowWrite: "auth.userId == data.ownerId",
      entity: "Project",
    },
    {
      name: "tag",
      allowRead: "auth.userId != null",
      allowWrite: "auth.hasAnyRole('editor', 'lead')",
      entity: "Tag",
    },
  ],
  auth: {
    user: { entity: "User", expose: [], hide: [] },
    session: {
      expires_in: 2_592_000,
      cookie_cache: { enabled: false, max_age: 300, claims: ["is_admin", "tenant_id"] },
    },
    trusted_origins: [],
  },
};

console.log(JSON.stringify(manifest));
