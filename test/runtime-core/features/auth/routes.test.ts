import { afterEach, describe, expect, test } from "vitest";
import { ADMIN, BROWSER, bearer, cookie, openWorld, type World } from "./world.ts";

const TOKEN = expect.stringMatching(/^pylon_[0-9a-f]{64}$/);
const MONTH = Date.parse("2026-01-01T00:00:00Z") / 1000 + 2_592_000;
const ANYONE = { is_admin: false, roles: [], user_id: null };
const SET = /^app_session=pylon_[0-9a-f]{64}; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=2592000$/;
const CLEARED = ["Set-Cookie", "app_session=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0"];

let world: World;
afterEach(() => world.close());

async function sessionOf(userId: string): Promise<string> {
  const answer = await world.call("POST /api/auth/session", { headers: ADMIN, body: { user_id: userId } });
  return answer.json.token;
}
const me = async (headers: Record<string, string>) => (await world.call("GET /api/auth/me", { headers })).json;
const refused = (status: number, code: string) => ({ status, json: { error: { code } } });

describe("H-AUTH-ME and H-AUTH-SESSION-GET", () => {
  test("anonymous, admin, guest and user", async () => {
    world = await openWorld();
    expect(await me({})).toEqual({ avatar_url: null, ...ANYONE });
    const admin = { is_admin: true, roles: ["admin"], user_id: "__admin__" };
    expect(await me(ADMIN)).toEqual({ avatar_url: null, ...admin });
    const { json: guest } = await world.call("POST /api/auth/guest");
    const guestIdentity = { is_admin: false, is_guest: true, roles: [], user_id: guest.user_id };
    expect(await me(bearer(guest.token))).toEqual({ avatar_url: null, ...guestIdentity });
    const body = { email: "a@b.c", password: "0123456789" };
    const { json: user } = await world.call("POST /api/auth/password/register", { body });
    const userIdentity = { is_admin: false, roles: [], user_id: user.user_id };
    expect(await me(bearer(user.token))).toEqual({ avatar_url: null, ...userIdentity });

    const session = async (headers: Record<string, string>) =>
      (await world.call("GET /api/auth/session", { headers })).json;
    expect(await session({})).toEqual({ avatar_url: null, session: ANYONE, user: null });
    expect(await session(ADMIN)).toEqual({ avatar_url: null, session: admin, user: null });
    expect(await session(bearer(guest.token))).toEqual({ avatar_url: null, session: guestIdentity, user: null });
    expect(await session(bearer(user.token))).toEqual({
      avatar_url: null,
      session: userIdentity,
      user: { id: user.user_id, email: "a@b.c", displayName: "a@b.c" },
    });
    expect((await session(bearer(await sessionOf("without a row")))).user).toBeNull();
  });
});

describe("H-AUTH-SESSION-POST", () => {
  test("is the admin's", async () => {
    world = await openWorld();
    const make = (headers: Record<string, string>, body: unknown) =>
      world.call("POST /api/auth/session", { headers, body });
    expect(await make({}, { user_id: "u1" })).toMatchObject(refused(403, "FORBIDDEN"));
    expect(await make({}, "x")).toMatchObject(refused(403, "FORBIDDEN"));
    expect(await make(bearer(await sessionOf("u1")), { user_id: "u2" })).toMatchObject(refused(403, "FORBIDDEN"));
    expect(await make(ADMIN, "")).toMatchObject(refused(400, "INVALID_JSON"));
    for (const body of [{}, [], 5, { user_id: 7 }, { user_id: "" }, { __proto__: { user_id: "u" } }])
      expect(await make(ADMIN, body)).toMatchObject(refused(400, "MISSING_USER_ID"));
    expect(await make(ADMIN, '{"user_id":"\\ud800"}')).toMatchObject(refused(400, "INVALID_TEXT"));
    expect(await make({ ...ADMIN, ...BROWSER }, { user_id: "u1" })).toMatchObject({
      status: 201,
      json: { token: TOKEN, user_id: "u1" },
      headers: [],
    });
  });

  test("is open to anyone in dev mode", async () => {
    world = await openWorld({ devMode: true });
    expect((await world.call("POST /api/auth/session", { body: { user_id: "u1" } })).status).toBe(201);
  });
});

describe("H-AUTH-SESSION-DEL", () => {
  test("revokes, clears the cookie and tells whoever listens; a second one is answered alike", async () => {
    world = await openWorld();
    const token = await sessionOf("u1");
    const other = await sessionOf("u1");
    const { sessionId } = await world.sessions.resolve(token);
    const end = await world.call("DELETE /api/auth/session", { headers: cookie(token) });
    expect(end).toMatchObject({ status: 200, json: { revoked: true }, headers: CLEARED });
    expect(world.changes).toMatchObject([{ sessionId, auth: { userId: null, sessionId: null } }]);
    expect(await me(cookie(token))).toMatchObject(ANYONE);
    expect(await me(bearer(other))).toMatchObject({ user_id: "u1" });
    const again = await world.call("DELETE /api/auth/session", { headers: cookie(token) });
    expect(again).toMatchObject({ status: 200, json: { revoked: true }, headers: CLEARED });
  });
});

describe("H-AUTH-SESSIONS", () => {
  test("lists and ends those of the caller alone", async () => {
    world = await openWorld();
    const first = await sessionOf("u1");
    world.advanceSecs(1);
    const second = await world.sessions.resolve(await sessionOf("u1"));
    const stranger = await sessionOf("u2");
    const list = await world.call("GET /api/auth/sessions", { headers: bearer(first) });
    expect(list.json).toHaveLength(2);
    expect(list.json[0]).toEqual({
      created_at: MONTH - 2_592_000,
      device: null,
      expires_at: MONTH,
      token_prefix: first.slice(0, 8),
      user_id: "u1",
    });
    const ended = await world.call("DELETE /api/auth/sessions", { headers: bearer(first) });
    expect(ended).toMatchObject({ status: 200, json: { revoked_count: 2 } });
    expect(world.changes.map((change) => change.sessionId)).toContain(second.sessionId);
    expect(await me(bearer(first))).toMatchObject(ANYONE);
    expect(await me(bearer(stranger))).toMatchObject({ user_id: "u2" });
  });

  test("needs an identity", async () => {
    world = await openWorld();
    expect(await world.call("GET /api/auth/sessions")).toMatchObject(refused(401, "AUTH_REQUIRED"));
    expect(await world.call("DELETE /api/auth/sessions")).toMatchObject(refused(401, "AUTH_REQUIRED"));
    expect(await world.call("GET /api/auth/sessions", { headers: ADMIN })).toMatchObject({ status: 200, json: [] });
    const ended = await world.call("DELETE /api/auth/sessions", { headers: ADMIN });
    expect(ended).toMatchObject({ status: 200, json: { revoked_count: 0 } });
  });
});

describe("H-AUTH-REFRESH", () => {
  test("gives a new token and kills the old one at once", async () => {
    world = await openWorld();
    const token = await sessionOf("u1");
    const before = await world.sessions.resolve(token);
    world.advanceSecs(60);
    const answer = await world.call("POST /api/auth/refresh", { headers: bearer(token) });
    expect(answer).toMatchObject({
      status: 200,
      json: { token: TOKEN, user_id: "u1", expires_at: MONTH + 60 },
      headers: [],
    });
    expect(answer.json.token).not.toBe(token);
    expect(await me(bearer(token))).toMatchObject(ANYONE);
    expect(await me(bearer(answer.json.token))).toMatchObject({ user_id: "u1" });
    const after = await world.sessions.resolve(answer.json.token);
    expect(world.changes).toEqual([{ sessionId: before.sessionId, auth: after }]);
    const again = await world.call("POST /api/auth/refresh", { headers: bearer(token) });
    expect(again).toMatchObject(refused(401, "SESSION_EXPIRED"));
  });

  test("by cookie sets the new cookie (http 12, item 15)", async () => {
    world = await openWorld();
    const answer = await world.call("POST /api/auth/refresh", { headers: cookie(await sessionOf("u1")) });
    expect(answer.headers[1]).toMatch(SET);
    expect(answer.headers[1]).toContain(answer.json.token);
  });

  test("two at the same time: one wins", async () => {
    world = await openWorld();
    const headers = bearer(await sessionOf("u1"));
    const answers = await Promise.all([1, 2, 3].map(() => world.call("POST /api/auth/refresh", { headers })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401]);
  });

  test("needs a session", async () => {
    world = await openWorld();
    const refresh = (headers: Record<string, string>) => world.call("POST /api/auth/refresh", { headers });
    expect(await refresh({})).toMatchObject(refused(401, "AUTH_REQUIRED"));
    expect(await refresh({ cookie: "x=1" })).toMatchObject(refused(401, "AUTH_REQUIRED"));
    expect(await refresh(ADMIN)).toMatchObject(refused(401, "SESSION_EXPIRED"));
    expect(await refresh(bearer("pylon_00"))).toMatchObject(refused(401, "SESSION_EXPIRED"));
  });
});

describe("H-AUTH-UPGRADE", () => {
  test("keeps the token and changes its user", async () => {
    world = await openWorld({ devMode: true });
    const { token } = (await world.call("POST /api/auth/guest")).json;
    const upgrade = (headers: Record<string, string>, body: unknown) =>
      world.call("POST /api/auth/upgrade", { headers, body });
    expect(await upgrade(bearer(token), { user_id: "u1" })).toMatchObject({
      status: 200,
      json: { upgraded: true, user_id: "u1" },
    });
    expect(await me(bearer(token))).toEqual({ avatar_url: null, is_admin: false, roles: [], user_id: "u1" });
    expect(world.changes).toMatchObject([{ auth: { userId: "u1", isGuest: false } }]);
    expect(await upgrade(bearer(token), {})).toMatchObject(refused(400, "MISSING_USER_ID"));
    expect(await upgrade({}, { user_id: "u1" })).toMatchObject(refused(400, "UPGRADE_FAILED"));
  });

  test("is the admin's outside dev mode, for the session in the cookie beside the token", async () => {
    world = await openWorld();
    const { token } = (await world.call("POST /api/auth/guest")).json;
    const upgrade = (headers: Record<string, string>) =>
      world.call("POST /api/auth/upgrade", { headers, body: { user_id: "u1" } });
    expect(await upgrade(bearer(token))).toMatchObject(refused(403, "FORBIDDEN"));
    expect(await upgrade(ADMIN)).toMatchObject(refused(400, "UPGRADE_FAILED"));
    expect((await upgrade({ ...ADMIN, ...cookie(token) })).status).toBe(200);
    expect(await me(bearer(token))).toMatchObject({ user_id: "u1" });
  });
});

describe("H-AUTH-GUEST", () => {
  test("makes a new identity each time and a cookie for browsers", async () => {
    world = await openWorld();
    const first = await world.call("POST /api/auth/guest");
    expect(first).toMatchObject({ status: 201, json: { guest: true, token: TOKEN }, headers: [] });
    expect(first.json.user_id).toMatch(/^guest_[0-9a-f]{32}$/);
    const second = await world.call("POST /api/auth/guest", { headers: BROWSER });
    expect(second.json.user_id).not.toBe(first.json.user_id);
    expect(second.headers[0]).toBe("Set-Cookie");
    expect(second.headers[1]).toMatch(SET);
    const anonymous = await world.call("POST /api/auth/anonymous");
    expect(anonymous).toMatchObject({ status: 200, json: { is_guest: true, token: TOKEN, expires_at: MONTH } });
  });

  test("is limited by address (http 12, item 14)", async () => {
    world = await openWorld({ env: { PYLON_SIGNUP_MAX_PER_MINUTE: "2" } });
    const guest = (remote: string) => world.call("POST /api/auth/guest", { remote });
    expect([await guest("a"), await guest("a"), await guest("a"), await guest("b")].map((a) => a.status)).toEqual([
      201, 201, 429, 201,
    ]);
    world.advanceSecs(60);
    expect((await guest("a")).status).toBe(201);
  });
});

describe("H-AUTH-SELECT-ORG", () => {
  const select = (headers: Record<string, string>, body: unknown) =>
    world.call("POST /api/auth/select-org", { headers, body });
  const join = (userId: string, orgId: string, role: string) =>
    world.db.write((unit) =>
      unit.run("INSERT INTO OrgMember (id, userId, orgId, role) VALUES (?, ?, ?, ?)", [
        `${userId}-${orgId}`,
        userId,
        orgId,
        role,
      ]),
    );

  test("takes the tenant and the role into this session alone", async () => {
    world = await openWorld();
    await join("u1", "o1", "owner");
    const token = await sessionOf("u1");
    const other = await sessionOf("u1");
    expect(await select(bearer(token), { orgId: "o1" })).toMatchObject({ status: 200, json: { tenantId: "o1" } });
    expect(await me(bearer(token))).toMatchObject({ tenant_id: "o1", roles: ["owner"] });
    expect(await me(bearer(other))).not.toHaveProperty("tenant_id");
    expect(world.changes).toMatchObject([{ auth: { tenantId: "o1", roles: ["owner"] } }]);
    const refreshed = await world.call("POST /api/auth/refresh", { headers: bearer(token) });
    const inTenant = bearer(refreshed.json.token);
    expect(await me(inTenant)).toMatchObject({ tenant_id: "o1", roles: ["owner"] });
    for (const leave of [null, ""]) {
      expect(await select(inTenant, { orgId: "o1" })).toMatchObject({ status: 200 });
      expect(await select(inTenant, { orgId: leave })).toMatchObject({ status: 200, json: { tenantId: null } });
      expect(await me(inTenant)).toEqual({ avatar_url: null, is_admin: false, roles: [], user_id: "u1" });
    }
  });

  test("refuses strangers, odd roles and callers without a session", async () => {
    world = await openWorld();
    await join("u1", "o1", "visitor");
    const headers = bearer(await sessionOf("u1"));
    expect(await select(headers, { orgId: "o1" })).toMatchObject(refused(403, "NOT_A_MEMBER"));
    expect(await select(headers, { orgId: "o2" })).toMatchObject(refused(403, "NOT_A_MEMBER"));
    expect(await me(headers)).not.toHaveProperty("tenant_id");
    for (const body of [{}, [], { orgId: 5 }])
      expect(await select(headers, body)).toMatchObject(refused(400, "MISSING_ORG_ID"));
    expect(await select(headers, "x")).toMatchObject(refused(400, "INVALID_JSON"));
    expect(await select({}, { orgId: "o1" })).toMatchObject(refused(401, "UNAUTHENTICATED"));
    expect(await select(ADMIN, { orgId: "o1" })).toMatchObject(refused(401, "UNAUTHENTICATED"));
  });
});

test("what is not there is not answered", async () => {
  world = await openWorld({ users: null });
  for (const route of [
    "PUT /api/auth/session",
    "HEAD /api/auth/me",
    "GET /api/auth/me/",
    "POST /api/auth/password/login",
    "POST /api/auth/password/register",
    "POST /api/auth/select-org",
  ] as const)
    expect((await world.call(route, { body: "{}" })).status).toBe(404);
});
