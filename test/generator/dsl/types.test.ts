/** What TypeScript sees: each `@ts-expect-error` is a mistake that must not compile; the file compiling is the test. */
import { expect, expectTypeOf, test } from "vitest";
import {
  app,
  buildManifest,
  entity,
  exists,
  field,
  type Infer,
  policy,
  relation,
} from "../../../generator/dsl/index.ts";

const User = entity("User", { email: field.string().unique(), age: field.int().optional() });
const Note = entity(
  "Note",
  {
    ownerId: field.id("User").owner(),
    title: field.string().default("untitled"),
    body: field.richtext().crdt("text").optional(),
    state: field.enum(["draft", "public"]),
    createdAt: field.datetime().defaultNow(),
    stars: field.float().crdt("counter"),
    extra: field.json<{ readonly colour: string }>().optional(),
    near: field.vector(3),
  },
  {
    indexes: [{ name: "by_owner", fields: ["ownerId", "createdAt"], unique: false }],
    relations: [
      relation({ name: "owner", target: "User", field: "ownerId" }),
      { name: "o", target: User, field: "ownerId" },
    ],
    search: { text: ["title", "body"], facets: ["state"], sortable: ["createdAt"] },
    sync: { where: ({ auth, data }) => data.ownerId === auth.userId, limit: 100 },
  },
);

test("a row is inferred from its fields", () => {
  expectTypeOf<Infer<typeof Note>>().toEqualTypeOf<
    { readonly id: string } & {
      readonly ownerId: string;
      readonly title: string;
      readonly body: string | null;
      readonly state: "draft" | "public";
      readonly createdAt: string;
      readonly stars: number;
      readonly extra: { readonly colour: string } | null;
      readonly near: readonly number[];
    }
  >();
});

test("names that helpers take as plain strings compile, for TypeScript cannot see them", () => {
  const byField = (name: string) => ({ name: `by_${name}`, fields: [name], unique: false });
  const belongsTo = (name: string, target: string, field: string) => relation({ name, target, field });
  const owned = (entityName: string) => policy({ name: entityName, entity: entityName, allow: "auth.isAdmin" });
  const Task = entity(
    "Task",
    { ownerId: field.id("User") },
    { indexes: [byField("ownerId")], relations: [belongsTo("owner", "User", "ownerId")] },
  );
  const policies = [owned("Task"), policy({ entity: User, allow: "auth.isAdmin" })];
  expect(buildManifest({ name: "x", entities: [User, Task], policies }).policies).toHaveLength(2);
});

test("mistakes that can be seen do not compile", () => {
  // @ts-expect-error a counter needs a number
  field.string().crdt("counter");
  // @ts-expect-error text needs text
  field.int().crdt("text");
  // @ts-expect-error the default is a string
  field.string().default(1);
  // @ts-expect-error one of the values
  field.enum(["a", "b"]).default("c");
  // @ts-expect-error only a datetime
  field.string().defaultNow();
  // @ts-expect-error json has no equality
  field.json().unique();
  const fields = { title: field.string(), count: field.int(), ownerId: field.id("User") };
  // @ts-expect-error no such column
  entity("A", fields, { indexes: [{ name: "x", fields: ["titel"] }] });
  // @ts-expect-error not text
  entity("A", fields, { search: { text: ["count"] } });
  // @ts-expect-error no such column
  entity("A", fields, { search: { facets: ["nope"] } });
  // @ts-expect-error no such column
  entity("A", fields, { relations: [relation({ name: "owner", target: "User", field: "owner" })] });
  // @ts-expect-error the column points at User
  entity("A", fields, { relations: [{ name: "owner", target: "Note", field: "ownerId" }] });
  // @ts-expect-error no such column in the target
  entity("A", fields, { relations: [relation({ name: "notes", target: Note, field: "nope", many: true })] });
  entity("A", fields, { relations: [relation({ name: "notes", target: Note, field: "ownerId", many: true })] });
  // @ts-expect-error no such field
  policy({ entity: Note, allowRead: ({ data }) => data.nope === "" });
  // @ts-expect-error another type
  policy({ entity: Note, allowRead: ({ data }) => data.stars === "many" });
  // @ts-expect-error no such column
  policy({ entity: Note, allowRead: ({ data }) => exists(User, { mail: data.title }) });
  // @ts-expect-error Usr is no entity of the app
  buildManifest({ name: "a", entities: [entity("A", { u: field.id("Usr") })] });
  // @ts-expect-error Nota is no entity of the app
  buildManifest({ name: "a", entities: [User, Note], policies: [policy({ entity: "Nota", allow: "true" })] });
  expect(true).toBe(true);
});

test("what is right compiles", () => {
  const made = app({
    name: "notes",
    version: "1.0.0",
    entities: [User, Note],
    policies: [
      policy({ entity: "Note", allowRead: "true", allowInsert: ({ auth, data }) => auth.userId === data.ownerId }),
      policy({
        name: "own",
        entity: Note,
        allowUpdate: ({ auth, data, next }) =>
          (auth.hasRole("editor") || data.ownerId === auth.userId) && !auth.isGuest && next.state !== "public",
        allowDelete: ({ data, ago }) => data.createdAt < ago("30d") && exists(User, { email: data.title, age: 3 }),
      }),
      policy({ name: "act", action: "publish", allow: "auth.userId != null" }),
    ],
    compat: "off",
  });
  expect(made.policies.map((made) => made.name)).toEqual(["note_p0", "own", "act"]);
});
