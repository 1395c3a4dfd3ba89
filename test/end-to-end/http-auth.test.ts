/** Identity, sessions, passwords, tenants and the cookie on the wire, in both modes (http 4). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiAnswer, api } from "../support/client.ts";
import { insert, MODES, type Planboard, session, signedIn, startPlanboard } from "../support/planboard.ts";

const TOKEN = /^pylon_[0-9a-f]{64}$/;
const ID = /^[0-9a-f]{40}$/;
const DAYS_30_SECS = 30 * 24 * 60 * 60;
const BROWSER = { headers: { Origin: "https://app.example" } };
const refusal = (status: number, code: string) => ({ status, json: { error: { code, message: expect.any(String) } } });
const cookieOf = (answer: ApiAnswer<unknown>) => answer.headers.get("set-cookie");

interface SignedIn {
  readonly token: string;
  readonly user_id: string;
  readonly expires_at: number;
}

describe.each(MODES)("%s mode", (mode) => {
  let app: Planboard;
  beforeAll(async () => {
    app = await startPlanboard(mode);
  });
  afterAll(async () => {
    expect(await app.server.stop()).toBe(0);
  });

  test("H-AUTH-ME for every kind of caller", async () => {
    const me = async (by: typeof app.anyone) => (await by.get("/api/auth/me")).json;
    const plain = { is_admin: false, roles: [], avatar_url: null };
    expect(await me(app.anyone)).toEqual({ ...plain, user_id: null });
    expect(await me(app.admin)).toEqual({ user_id: "__admin__", is_admin: true, roles: ["admin"], avatar_url: null });
    expect(await me(app.ann)).toEqual({
      ...plain,
      user_id: app.ann.userId,
      roles: ["owner"],
      tenant_id: app.orgs.first,
    });
    expect(await app.ann.get("/api/auth/me?x=1")).toMatchObject({ status: 200 });
  });

  test("H-AUTH-SESSION-GET gives the user row as expose and hide say", async () => {
    const { avatar_url: _, ...me } = (await app.ann.get<{ avatar_url: null }>("/api/auth/me")).json;
    expect((await app.ann.get("/api/auth/session")).json).toEqual({
      session: me,
      user: { id: app.ann.userId, email: "ann@example.com", displayName: "ann", avatarColor: null },
      avatar_url: null,
    });
    expect((await app.anyone.get("/api/auth/session")).json).toMatchObject({ session: { user_id: null }, user: null });
  });

  test("H-AUTH-GUEST makes a new identity each time, which is no signed-in user", async () => {
    const make = () => app.anyone.post<SignedIn>("/api/auth/guest", {});
    const [first, second] = [await make(), await make()];
    expect(first).toMatchObject({
      status: 201,
      json: { token: expect.stringMatching(TOKEN), user_id: expect.stringMatching(/^guest_[0-9a-f]+$/), guest: true },
    });
    expect(second.json.user_id).not.toBe(first.json.user_id);
    const guest = api(app.url, first.json.token);
    expect((await guest.get("/api/auth/me")).json).toMatchObject({ user_id: first.json.user_id, is_guest: true });
    expect((await guest.get("/api/auth/session")).json).toMatchObject({ user: null });
  });

  test("H-AUTH-SESSION-POST and -UPGRADE are the admin's", async () => {
    for (const path of ["/api/auth/session", "/api/auth/upgrade"]) {
      for (const by of [app.anyone, app.ann])
        expect(await by.post(path, { user_id: app.bob.userId })).toMatchObject(refusal(403, "FORBIDDEN"));
      expect(await app.admin.post(path, {})).toMatchObject(refusal(400, "MISSING_USER_ID"));
    }
    const made = await app.admin.post<SignedIn>("/api/auth/session", { user_id: app.bob.userId });
    expect(made).toMatchObject({ status: 201, json: { token: expect.stringMatching(TOKEN), user_id: app.bob.userId } });
    expect(await app.admin.post("/api/auth/upgrade", { user_id: app.bob.userId })).toMatchObject(
      refusal(400, "UPGRADE_FAILED"),
    );
  });

  test("H-AUTH-SESSIONS: list without tokens, end all", async () => {
    expect(await app.anyone.get("/api/auth/sessions")).toMatchObject(refusal(401, "AUTH_REQUIRED"));
    expect(await app.anyone.delete("/api/auth/sessions")).toMatchObject(refusal(401, "AUTH_REQUIRED"));
    const dot = await signedIn(app.admin, "dot");
    const again = await session(app.admin, dot.userId);
    const list = await dot.get<object[]>("/api/auth/sessions");
    expect(list.json).toHaveLength(2);
    for (const one of list.json)
      expect(one).toEqual({
        token_prefix: expect.stringMatching(/^pylon_[0-9a-f]{2}$/),
        user_id: dot.userId,
        device: "node",
        created_at: expect.any(Number),
        expires_at: expect.any(Number),
      });
    expect(list.text).not.toContain(dot.token);
    expect((await dot.delete("/api/auth/sessions")).json).toEqual({ revoked_count: 2 });
    for (const by of [dot, again]) expect((await by.get("/api/auth/me")).json).toMatchObject({ user_id: null });
  });

  test("H-AUTH-REFRESH: the old token is dead at once; a cookie is renewed with it", async () => {
    expect(await app.anyone.post("/api/auth/refresh", {})).toMatchObject(refusal(401, "AUTH_REQUIRED"));
    const eve = await signedIn(app.admin, "eve");
    const withCookie = { headers: { ...BROWSER.headers, Cookie: `planboard_session=${eve.token}` } };
    const fresh = await app.anyone.post<SignedIn>("/api/auth/refresh", {}, withCookie);
    expect(fresh).toMatchObject({ status: 200, json: { user_id: eve.userId, token: expect.stringMatching(TOKEN) } });
    expect(fresh.json.expires_at - Date.now() / 1000).toBeGreaterThan(DAYS_30_SECS - 60);
    expect(cookieOf(fresh) ?? "").toContain(`planboard_session=${fresh.json.token}`);
    expect((await eve.get("/api/auth/me")).json).toMatchObject({ user_id: null });
    expect(await eve.post("/api/auth/refresh", {})).toMatchObject(refusal(401, "SESSION_EXPIRED"));
    expect((await api(app.url, fresh.json.token).get("/api/auth/me")).json).toMatchObject({ user_id: eve.userId });
  });

  test("H-AUTH-SESSION-DEL always says revoked, and clears the cookie", async () => {
    const fay = await signedIn(app.admin, "fay");
    for (const by of [fay, fay, app.anyone]) {
      const answer = await by.delete("/api/auth/session", BROWSER);
      expect(answer).toMatchObject({ status: 200, json: { revoked: true } });
      expect(cookieOf(answer)).toMatch(/^planboard_session=;.*Max-Age=0/);
    }
    expect((await fay.get("/api/auth/me")).json).toMatchObject({ user_id: null });
  });

  test("H-AUTH-REGISTER and -LOGIN", async () => {
    const register = (body: object | string) => app.anyone.post<SignedIn>("/api/auth/password/register", body);
    const login = (body: object | string) => app.anyone.post<SignedIn>("/api/auth/password/login", body);
    const password = "correct horse battery";
    for (const [body, code] of [
      ["{", "INVALID_JSON"],
      [{ password }, "MISSING_EMAIL"],
      [{ email: "zed", password }, "INVALID_EMAIL"],
      [{ email: "zed@example.com" }, "MISSING_PASSWORD"],
      [{ email: "zed@example.com", password: "123456789" }, "WEAK_PASSWORD"],
    ] as const)
      expect(await register(body)).toMatchObject(refusal(400, code));

    const made = await register({ email: "  Zed@Example.com ", password, displayName: "Zed" });
    const answer = {
      token: expect.stringMatching(TOKEN),
      user_id: expect.stringMatching(ID),
      expires_at: expect.any(Number),
    };
    expect(made).toMatchObject({ status: 200, json: answer });
    expect(cookieOf(made)).toBeNull();
    expect(await register({ email: "zed@example.com", password })).toMatchObject(refusal(409, "EMAIL_TAKEN"));

    const again = await login({ email: "ZED@example.com", password });
    expect(again).toMatchObject({ status: 200, json: { ...answer, user_id: made.json.user_id } });
    const zed = api(app.url, again.json.token);
    expect((await zed.get("/api/auth/session")).json).toMatchObject({
      user: { email: "zed@example.com", displayName: "Zed", avatarColor: expect.stringMatching(/^#/) },
    });
    for (const body of [
      { email: "zed@example.com", password: `${password}!` },
      { email: "nobody@example.com", password },
    ])
      expect(await login(body)).toMatchObject(refusal(401, "INVALID_CREDENTIALS"));
    expect((await zed.get(`/api/entities/User/${made.json.user_id}`)).text).not.toContain("$argon2id$");
  });

  test("H-AUTH-COOKIE is set for browsers only, with its attributes", async () => {
    const body = { email: "yan@example.com", password: "correct horse battery", displayName: "Yan" };
    const made = await app.anyone.post<SignedIn>("/api/auth/password/register", body, BROWSER);
    expect(cookieOf(made)).toBe(
      `planboard_session=${made.json.token}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=${DAYS_30_SECS}`,
    );
    const second = await app.anyone.post<SignedIn>("/api/auth/password/login", body);
    expect((await api(app.url, made.json.token).get("/api/auth/me")).json).toMatchObject({
      user_id: second.json.user_id,
    });
  });

  test("H-AUTH-SELECT-ORG: membership with a role, of the session alone", async () => {
    const gus = await signedIn(app.admin, "gus");
    const select = (by: typeof app.anyone, body: object | string) => by.post("/api/auth/select-org", body);
    expect(await select(app.anyone, { orgId: app.orgs.first })).toMatchObject(refusal(401, "UNAUTHENTICATED"));
    expect(await select(gus, "{")).toMatchObject(refusal(400, "INVALID_JSON"));
    for (const body of [{}, { orgId: 5 }])
      expect(await select(gus, body)).toMatchObject(refusal(400, "MISSING_ORG_ID"));
    expect(await select(gus, { orgId: app.orgs.first })).toMatchObject(refusal(403, "NOT_A_MEMBER"));
    await insert(app.admin, "OrgMember", { userId: gus.userId, orgId: app.orgs.first, role: "admin" });
    const other = await session(app.admin, gus.userId);
    expect((await select(gus, { orgId: app.orgs.first })).json).toEqual({ tenantId: app.orgs.first });
    expect((await gus.get("/api/auth/me")).json).toMatchObject({ tenant_id: app.orgs.first, roles: ["admin"] });
    expect((await other.get("/api/auth/me")).json).not.toHaveProperty("tenant_id");
    for (const orgId of [null, ""]) {
      expect((await select(gus, { orgId })).json).toEqual({ tenantId: null });
      expect((await gus.get("/api/auth/me")).json).toMatchObject({ roles: [] });
    }
  });
});

test("password logins of one address are limited, with words and no user told", async () => {
  const { server, anyone } = await startPlanboard("default", { PYLON_LOGIN_MAX_PER_MINUTE: "3" });
  const login = () =>
    anyone.post("/api/auth/password/login", { email: "ann@example.com", password: "wrong wrong wrong" });
  for (let count = 0; count < 3; count++) expect((await login()).status).toBe(401);
  expect(await login()).toMatchObject(refusal(429, "RATE_LIMITED"));
  await server.stop();
});

test("in dev mode anyone may act as anyone, and the cookie works without https", async () => {
  const { server, anyone, ann } = await startPlanboard("default", { PYLON_DEV_MODE: "true" });
  const made = await anyone.post<SignedIn>("/api/auth/session", { user_id: ann.userId }, BROWSER);
  expect(made).toMatchObject({ status: 201, json: { user_id: ann.userId } });
  const guest = await anyone.post<SignedIn>("/api/auth/guest", {}, BROWSER);
  expect(cookieOf(guest)).not.toContain("Secure");
  const grown = await api(anyone.url, guest.json.token).post("/api/auth/upgrade", { user_id: ann.userId });
  expect(grown).toMatchObject({ status: 200, json: { upgraded: true, user_id: ann.userId } });
  expect((await api(anyone.url, guest.json.token).get("/api/auth/me")).json).toMatchObject({ user_id: ann.userId });
  expect(server.log.join("\n")).toContain("dev mode: anyone who reaches this port may act as anyone");
  await server.stop();
});
