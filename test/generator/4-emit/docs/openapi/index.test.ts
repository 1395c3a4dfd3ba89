import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { emitDocs } from "../../../../../generator/4-emit/docs/index.ts";
import type { AppIr } from "../../../../../generator/ir/app.ts";
import { app, clashing, entity, field, text, todo, user, wide } from "../../client/sample-ir.ts";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly required?: readonly string[]; readonly properties: object }>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

const SAMPLE = app([todo, user, wide, ...clashing]);
const openapiText = (ir: AppIr): string =>
  emitDocs(ir).find(({ path }) => path === "_generated/openapi.json")?.text ?? "";

const documentOf = (ir: AppIr): Document => JSON.parse(openapiText(ir)) as Document;
const document = documentOf(SAMPLE);
const schema = (name: string) => document.components.schemas[name];

test("the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(openapiText(SAMPLE)) as Record<string, unknown>);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(validator.version).toBe("3.1");
});

test("a broken document is not (negative control)", async () => {
  const broken = { ...document, paths: { "/x": { get: { responses: 7 } } } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test("every reference leads somewhere, and every operation has a name of its own", () => {
  const names = new Set(
    Object.entries(document.components).flatMap(([kind, all]) =>
      Object.keys(all).map((name): string => `#/components/${kind}/${name}`),
    ),
  );
  const whole = JSON.stringify(document);
  for (const [, to] of whole.matchAll(/"\$ref":"([^"]+)"/g)) expect(names.has(to ?? ""), to).toBe(true);
  const ids = [...whole.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  "/health",
  "/api/entities/Todo",
  "/api/entities/Todo/cursor",
  "/api/entities/Todo/{id}",
  "/api/entities/string",
  "/api/auth/me",
  "/api/auth/password/login",
  "/api/sync/pull",
  "/api/sync/push",
  "/events",
])("%s is told", (path) => expect(document.paths).toHaveProperty([path]));

test("an app without accounts has no password routes, and none without organisations selects one", () => {
  const { paths } = documentOf(app([todo]));
  expect(Object.keys(paths).filter((path) => /password|select-org/.test(path))).toEqual([]);
  const member = entity("OrgMember", [field("userId", text), field("orgId", text), field("role", text)]);
  expect(documentOf(app([user, member])).paths).toHaveProperty(["/api/auth/select-org"]);
});

test("fields that clients never hear of are nowhere", () => {
  expect(openapiText(SAMPLE)).not.toContain("passwordHash");
  expect(schema("Wide")?.properties).not.toHaveProperty("secret");
});

test("rows have every member, null where a value may be absent or unreadable", () => {
  expect(schema("Todo")?.required).toEqual(["id", "userId", "title", "done", "createdAt"]);
  expect(schema("Wide")?.properties).toMatchObject({
    note: { type: ["string", "null"] },
    salary: { type: ["number", "null"] },
    status: { type: "string", enum: ["draft", "it's", "</script>"] },
    meta: {},
  });
});

test("inserts need what has no default; patches need nothing and leave the tenant alone", () => {
  expect(schema("TodoInsert")).toMatchObject({ required: ["title"], additionalProperties: false });
  expect(schema("TodoInsert")?.properties).not.toHaveProperty("userId");
  expect(schema("WideInsert")?.properties).toHaveProperty("tenantId");
  expect(schema("WidePatch")?.properties).not.toHaveProperty("tenantId");
  expect(schema("WidePatch")?.required).toBeUndefined();
});

test("an entity named like another's schema keeps its name", () => {
  expect(schema("UserPatch")?.properties).toHaveProperty("x");
  expect(schema("UserPatch2")?.properties).toHaveProperty("email");
});

test("the cookie is the app's own", () => {
  expect(document.components.securitySchemes.cookie).toMatchObject({ in: "cookie", name: "todo_session" });
});

test("the files are the three, each with one line end at its end", () => {
  const files = emitDocs(SAMPLE);
  expect(files.map(({ path }) => path)).toEqual([
    "_generated/manifest.json",
    "_generated/openapi.json",
    "_generated/access.md",
  ]);
  for (const file of files) expect(file.text).toMatch(/[^\n]\n$/);
});
