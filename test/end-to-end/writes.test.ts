import { beforeAll, describe, expect, test } from "vitest";
import { ADMIN_TOKEN, type Api, type ApiAnswer, api, newUser } from "../support/client.ts";
import { withHoles } from "../support/leaks/holes.ts";
import { buildApp, startServer } from "../support/server.ts";

const APP = `import { app, auth, entity, field, policy } from "pylon";

const title = field.string().default("-");
const owned = "auth.userId == data.ownerId";

export default app({
  name: "writes",
  entities: [
    entity("User", {
      email: field.string().unique(),
      displayName: field.string(),
      passwordHash: field.string().optional().serverOnly(),
    }),
    entity("OrgMember", { userId: field.string(), orgId: field.string(), role: field.string() }),
    entity("Stamped", { ownerId: field.string().owner(), title }),
    entity("Held", { ownerId: field.string(), title }),
    entity("Tenanted", { tenantId: field.string(), title }),
    entity("Shared", { tenantId: field.string(), title }),
    entity("OrgDoc", { orgId: field.string(), title }),
    entity("Article", { ownerId: field.string(), status: field.enum(["draft", "published"]).default("draft"), title }),
    entity("Task", { ownerId: field.string(), points: field.int(), title }),
    entity("Guarded", {
      title,
      number: field.int().readonly().default(7),
      internal: field.string().optional().serverOnly(),
      _trace: field.string().optional(),
      passwordHash: field.string().optional(),
    }),
    entity("ForAdmins", { title }),
    entity("ForNobody", { title }),
    entity("DropBox", { title }),
    entity("Coded", { ownerId: field.string().owner(), code: field.string().unique() }),
  ],
  policies: [
    policy({ name: "stamped", entity: "Stamped", allow: owned }),
    policy({ name: "held", entity: "Held", allow: owned }),
    policy({ name: "tenanted", entity: "Tenanted", allow: "auth.tenantId == data.tenantId" }),
    policy({ name: "shared", entity: "Shared", allowRead: "true", allowWrite: "auth.userId != null" }),
    policy({ name: "orgDoc", entity: "OrgDoc", allow: "exists(OrgMember where orgId == data.orgId and userId == auth.userId)" }),
    policy({ name: "article", entity: "Article", allowRead: "true", allowInsert: owned + " && data.status == 'draft'", allowUpdate: owned + " && data.status == 'draft'", allowDelete: "false" }),
    policy({ name: "task", entity: "Task", allowRead: owned, allowInsert: owned, allowUpdate: owned + " && next.ownerId == data.ownerId && next.points <= data.points", allowDelete: owned }),
    policy({ name: "guarded", entity: "Guarded", allow: "true" }),
    policy({ name: "forAdmins", entity: "ForAdmins", allowRead: "true", allowWrite: 'auth.hasRole("admin")' }),
    policy({ name: "dropBox", entity: "DropBox", allowInsert: "true" }),
    policy({ name: "coded", entity: "Coded", allow: owned }),
  ],
  auth: auth({ user: { entity: "User" } }),
});
`;

type Person = Api & { readonly userId: string };
type Data = Readonly<Record<string, unknown>>;

let url: string;
let admin: Api;
let ana: Person;
let bob: Person;
const nobody = (): Api => api(url);

const path = (entity: string, id?: string) => `/api/entities/${entity}${id === undefined ? "" : `/${id}`}`;
const codeOf = ({ status, json }: ApiAnswer<unknown>): string => {
  const { error } = (json ?? {}) as { error?: { code: string } };
  return error === undefined ? String(status) : `${status} ${error.code}`;
};

/** Inserts and gives the id. */
async function made(who: Api, entity: string, data: Data): Promise<string> {
  const { status, json, text } = await who.post<{ id: string }>(path(entity), data);
  if (status !== 201) throw new Error(`${entity}: ${status} ${text}`);
  return json.id;
}

interface PushAnswer {
  readonly results: readonly { readonly status: string; readonly error?: { readonly code: string } }[];
}

async function pushed(who: Api, entity: string, kind: string, rowId: string, data?: Data): Promise<string> {
  const { json, text } = await who.post<PushAnswer>("/api/sync/push", {
    changes: [{ entity, row_id: rowId, kind, ...(data === undefined ? {} : { data }) }],
  });
  const result = json?.results?.[0];
  if (result === undefined) throw new Error(text);
  return result.error?.code ?? result.status;
}

/** A patch that must be refused, by the route and by push, and leave the row as it was. */
async function refusedPatch(who: Api, entity: string, id: string, patch: Data, answer: string): Promise<void> {
  const before = await admin.get(path(entity, id));
  expect(codeOf(await who.patch(path(entity, id), patch))).toBe(answer);
  expect(await pushed(who, entity, "update", id, patch)).toBe(answer.split(" ")[1]);
  expect((await admin.get(path(entity, id))).text).toBe(before.text);
}

beforeAll(async () => {
  ({ url } = await startServer(await buildApp({ "app.ts": APP })));
  admin = api(url, ADMIN_TOKEN);
  [ana, bob] = await Promise.all([newUser(url, "ana@writes.example"), newUser(url, "bob@writes.example")]);
  for (const [person, orgId, role] of [
    [ana, "red", "admin"],
    [bob, "blue", "member"],
  ] as const) {
    await made(admin, "OrgMember", { userId: person.userId, orgId, role });
    expect(codeOf(await person.post("/api/auth/select-org", { orgId }))).toBe("200");
  }
}, 60_000);

describe("a row cannot be handed away", () => {
  test("not to another owner, by a stamped column or by a plain one", async () => {
    const stamped = await made(ana, "Stamped", {});
    await refusedPatch(ana, "Stamped", stamped, { ownerId: bob.userId }, "400 READONLY_FIELD");
    const held = await made(ana, "Held", { ownerId: ana.userId });
    await refusedPatch(ana, "Held", held, { ownerId: bob.userId }, "403 POLICY_DENIED");
    await refusedPatch(ana, "Held", held, { ownerId: bob.userId, title: "mine" }, "403 POLICY_DENIED");
    expect(codeOf(await ana.patch(path("Held", held), { title: "still mine", ownerId: ana.userId }))).toBe("200");
  });

  test("not to another tenant, whether or not the rule names it", async () => {
    const tenanted = await made(ana, "Tenanted", {});
    await refusedPatch(ana, "Tenanted", tenanted, { tenantId: "blue" }, "403 POLICY_DENIED");
    const shared = await made(ana, "Shared", {});
    await refusedPatch(ana, "Shared", shared, { tenantId: "blue" }, "403 CROSS_TENANT_UPDATE");
    await refusedPatch(bob, "Shared", shared, { title: "theirs" }, "403 CROSS_TENANT_UPDATE");
    expect(codeOf(await bob.delete(path("Shared", shared)))).toBe("403 CROSS_TENANT_DELETE");
  });

  test("not to an organisation that one does not belong to", async () => {
    const doc = await made(ana, "OrgDoc", { orgId: "red" });
    await refusedPatch(ana, "OrgDoc", doc, { orgId: "blue" }, "403 POLICY_DENIED");
    expect(codeOf(await ana.patch(path("OrgDoc", doc), { title: "of the org" }))).toBe("200");
  });

  test("a state that the rule names may be left: a draft is published, and then it stays as it is", async () => {
    const article = await made(ana, "Article", { ownerId: ana.userId });
    await refusedPatch(bob, "Article", article, { status: "published" }, "403 POLICY_DENIED");
    expect(codeOf(await ana.patch(path("Article", article), { status: "published" }))).toBe("200");
    await refusedPatch(ana, "Article", article, { status: "draft" }, "403 POLICY_DENIED");
    expect(codeOf(await ana.delete(path("Article", article)))).toBe("403 POLICY_DENIED");
  });
});

test("the control: a server that does not judge the new values too lets the row be handed away", async () => {
  const hole = {
    what: "the second judgement",
    shape: "Held",
    path: "",
    module: "held",
    from: /if \(!\w+\(auth, \{ \.\.\.row, ownerId: next\.ownerId \}\)\) throw denied\("Held"\);/,
    to: "",
  };
  const { url: broken } = await startServer(await withHoles(await buildApp({ "app.ts": APP }), [hole]));
  const eve = await newUser(broken, "eve@writes.example");
  const id = await made(eve, "Held", { ownerId: eve.userId });
  expect(codeOf(await eve.patch(path("Held", id), { ownerId: "somebody else" }))).toBe("200");
}, 60_000);

describe("rules that name `next`", () => {
  test("judge both rows at once", async () => {
    const task = await made(ana, "Task", { ownerId: ana.userId, points: 5 });
    expect(codeOf(await ana.patch(path("Task", task), { points: 3 }))).toBe("200");
    await refusedPatch(ana, "Task", task, { points: 4 }, "403 POLICY_DENIED");
    await refusedPatch(ana, "Task", task, { ownerId: bob.userId }, "403 POLICY_DENIED");
  });

  test("a patch that is wrong in itself does not tell that a hidden row is there", async () => {
    const task = await made(ana, "Task", { ownerId: ana.userId, points: 5 });
    await refusedPatch(bob, "Task", task, { points: "many" }, "404 NOT_FOUND");
    await refusedPatch(bob, "Task", task, { nonsense: 1 }, "404 NOT_FOUND");
    await refusedPatch(ana, "Task", task, { points: "many" }, "400 CRDT_APPLY_FAILED");
  });
});

describe("what the server puts into a new row", () => {
  test("the owner is the caller, whoever he says it is", async () => {
    const id = await made(ana, "Stamped", { ownerId: ana.userId });
    expect((await ana.get<{ ownerId: string }>(path("Stamped", id))).json.ownerId).toBe(ana.userId);
    expect(codeOf(await ana.post(path("Stamped"), { ownerId: bob.userId }))).toBe("403 OWNER_MISMATCH");
    expect(codeOf(await nobody().post(path("Stamped"), { ownerId: ana.userId }))).toBe("401 OWNER_REQUIRED");
    expect(await pushed(ana, "Stamped", "insert", "temp-1", { ownerId: bob.userId })).toBe("OWNER_MISMATCH");
  });

  test("the tenant is the active one", async () => {
    const id = await made(ana, "Tenanted", {});
    expect((await ana.get<{ tenantId: string }>(path("Tenanted", id))).json.tenantId).toBe("red");
    expect(codeOf(await ana.post(path("Tenanted"), { tenantId: "blue" }))).toBe("403 CROSS_TENANT_INSERT");
    expect(codeOf(await nobody().post(path("Tenanted"), { tenantId: "red" }))).toBe("403 TENANT_REQUIRED");
    expect(await pushed(bob, "Tenanted", "insert", "temp-2", { tenantId: "red" })).toBe("CROSS_TENANT_INSERT");
  });

  test("the insert rule judges the row with its defaults", async () => {
    expect(codeOf(await ana.post(path("Article"), { ownerId: bob.userId }))).toBe("403 POLICY_DENIED");
    expect(codeOf(await ana.post(path("Article"), { ownerId: ana.userId, status: "published" }))).toBe(
      "403 POLICY_DENIED",
    );
    expect(codeOf(await ana.post(path("OrgDoc"), { orgId: "blue" }))).toBe("403 POLICY_DENIED");
  });
});

describe("columns that nobody sets", () => {
  test("read-only ones are refused by name, hidden ones as if they were not there", async () => {
    const id = await made(ana, "Guarded", {});
    await refusedPatch(ana, "Guarded", id, { number: 8 }, "400 READONLY_FIELD");
    await refusedPatch(ana, "Guarded", id, { _trace: "x" }, "400 INVALID_COLUMN");
    await refusedPatch(ana, "Guarded", id, { passwordHash: "x" }, "400 INVALID_COLUMN");
    expect(codeOf(await ana.post(path("Guarded"), { number: 8 }))).toBe("400 READONLY_FIELD");
    expect(codeOf(await ana.post(path("Guarded"), { _trace: "x" }))).toBe("400 INVALID_COLUMN");
    expect(await pushed(ana, "Guarded", "insert", "temp-3", { passwordHash: "x" })).toBe("INVALID_COLUMN");
    const shown = await ana.patch(path("Guarded", id), { _trace: "x" });
    expect(shown.text).not.toMatch(/valid columns:[^"]*(_trace|passwordHash)/);
  });

  test("the id stays, and prototypes are no columns", async () => {
    const id = await made(ana, "Guarded", {});
    expect(codeOf(await ana.patch(path("Guarded", id), { id: "f".repeat(40), title: "new" }))).toBe("200");
    expect(codeOf(await ana.get(path("Guarded", id)))).toBe("200");
    expect(codeOf(await ana.get(path("Guarded", "f".repeat(40))))).toBe("404 NOT_FOUND");
    for (const name of ["constructor", "toString", "hasOwnProperty"])
      expect(codeOf(await ana.patch(path("Guarded", id), { [name]: "x" }))).toBe("400 INVALID_COLUMN");
  });
});

describe("deny by default", () => {
  test("an entity without a policy, and an operation without a rule, are an administrator's", async () => {
    const hidden = await made(admin, "ForNobody", {});
    for (const who of [nobody(), ana]) {
      expect(codeOf(await who.post(path("ForNobody"), {}))).toBe("403 POLICY_DENIED");
      expect(codeOf(await who.get(path("ForNobody")))).toBe("403 POLICY_DENIED");
      expect(codeOf(await who.patch(path("ForNobody", hidden), {}))).toBe("404 NOT_FOUND");
      expect(codeOf(await who.delete(path("ForNobody", hidden)))).toBe("404 NOT_FOUND");
      expect(await pushed(who, "ForNobody", "delete", hidden)).toBe("NOT_FOUND");
    }
    const dropped = await made(nobody(), "DropBox", {});
    expect(codeOf(await nobody().get(path("DropBox", dropped)))).toBe("404 NOT_FOUND");
    expect(codeOf(await nobody().patch(path("DropBox", dropped), { title: "x" }))).toBe("404 NOT_FOUND");
  });

  test("a role of the active organisation is asked, and is not the administrator's token", async () => {
    const id = await made(ana, "ForAdmins", {});
    await refusedPatch(bob, "ForAdmins", id, { title: "x" }, "403 POLICY_DENIED");
    expect(codeOf(await ana.patch(path("ForAdmins", id), { title: "x" }))).toBe("200");
    expect(codeOf(await ana.get(path("ForNobody")))).toBe("403 POLICY_DENIED");
    await ana.post("/api/auth/select-org", { orgId: null });
    await refusedPatch(ana, "ForAdmins", id, { title: "y" }, "403 POLICY_DENIED");
    await ana.post("/api/auth/select-org", { orgId: "red" });
  });
});

describe("a row that may not be read is not there", () => {
  /** The answer with the id of the request taken out. */
  const shown = async (asked: Promise<ApiAnswer<unknown>>, id: string) => {
    const { status, text } = await asked;
    return `${status} ${text.replaceAll(id, "ID")}`;
  };

  test.each(["Stamped", "Held", "Tenanted", "OrgDoc", "Task", "ForNobody"])("%s", async (entity) => {
    const values = { ownerId: ana.userId, tenantId: "red", orgId: "red", points: 1 };
    const fields: Readonly<Record<string, readonly (keyof typeof values)[]>> = {
      Stamped: ["ownerId"],
      Held: ["ownerId"],
      Tenanted: ["tenantId"],
      OrgDoc: ["orgId"],
      Task: ["ownerId", "points"],
      ForNobody: [],
    };
    const hidden = await made(
      admin,
      entity,
      Object.fromEntries((fields[entity] ?? []).map((name) => [name, values[name]])),
    );
    const absent = "0".repeat(40);
    const answers = async (id: string) => [
      await shown(bob.get(path(entity, id)), id),
      await shown(bob.patch(path(entity, id), { title: "x" }), id),
      await shown(bob.patch(path(entity, id), { title: 5 }), id),
      await shown(bob.patch(path(entity, id), { ownerId: bob.userId, tenantId: "blue" }), id),
      await shown(bob.patch(path(entity, id), {}), id),
      await shown(bob.delete(path(entity, id)), id),
      await pushed(bob, entity, "update", id, { title: "x" }),
      await pushed(bob, entity, "delete", id),
    ];
    expect(await answers(hidden)).toEqual(await answers(absent));
    expect(codeOf(await admin.get(path(entity, hidden)))).toBe("200");
  });

  test("in compatibility mode the answer is 403, as in the original", async () => {
    const { url: compatUrl } = await startServer(await buildApp({ "app.ts": APP }, ["--compat", "0.11"]));
    const user = await newUser(compatUrl, "eve@writes.example");
    const id = await made(api(compatUrl, ADMIN_TOKEN), "Held", { ownerId: "somebody" });
    expect(codeOf(await user.get(path("Held", id)))).toBe("403 POLICY_DENIED");
    expect(codeOf(await user.patch(path("Held", id), { title: "x" }))).toBe("403 POLICY_DENIED");
    expect(codeOf(await user.delete(path("Held", id)))).toBe("403 POLICY_DENIED");
  }, 60_000);

  test("a taken id or value is all that an insert tells, and only to who may insert", async () => {
    const id = await made(ana, "Coded", { code: "a secret code" });
    const byId = await bob.post(path("Coded"), { id, code: "another" });
    expect(codeOf(byId)).toBe("400 OPTIMISTIC_ID_CONFLICT");
    expect(byId.text).not.toContain("secret");
    const byCode = await bob.post(path("Coded"), { code: "a secret code" });
    expect(codeOf(byCode)).toBe("409 INSERT_FAILED");
    expect(byCode.text).toContain("UNIQUE constraint failed: Coded.code");
    expect(byCode.text).not.toContain(id);
    expect(codeOf(await nobody().post(path("Coded"), { id, code: "a secret code" }))).toBe("401 OWNER_REQUIRED");
    const other = await made(admin, "ForNobody", {});
    expect(codeOf(await bob.post(path("ForNobody"), { id: other }))).toBe("403 POLICY_DENIED");
  });
});
