import { afterEach, describe, expect, test } from "vitest";
import { BROWSER, bearer, openWorld, type World } from "./world.ts";

const TOKEN = expect.stringMatching(/^pylon_[0-9a-f]{64}$/);
const GOOD = { email: "ada@example.com", password: "correct horse" };
const refused = (status: number, code: string) => ({ status, json: { error: { code } } });

let world: World;
afterEach(() => world.close());
const register = (body: unknown, headers = {}, remote?: string) =>
  world.call("POST /api/auth/password/register", remote === undefined ? { body, headers } : { body, headers, remote });
const login = (body: unknown, headers = {}, remote?: string) =>
  world.call("POST /api/auth/password/login", remote === undefined ? { body, headers } : { body, headers, remote });

describe.each([true, false])("with passwordHash in the user entity: %s", (hasPasswordColumn) => {
  test("register, then log in with the address in any case", async () => {
    world = await openWorld({ hasPasswordColumn });
    const made = await register({ ...GOOD, email: "  Ada@Example.COM ", displayName: "Ada" }, BROWSER);
    expect(made).toMatchObject({
      status: 200,
      json: { token: TOKEN, user_id: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
    expect(made.json.expires_at).toBe(world.clock.now() / 1000 + 2_592_000);
    expect(made.headers[0]).toBe("Set-Cookie");
    const entered = await login({ ...GOOD, email: "ADA@example.com" });
    expect(entered).toMatchObject({ status: 200, json: { token: TOKEN, user_id: made.json.user_id }, headers: [] });
    const row = await world.call("GET /api/auth/session", { headers: bearer(entered.json.token) });
    expect(row.json.user).toMatchObject({ email: "ada@example.com", displayName: "Ada" });
    expect(await login({ ...GOOD, password: "correct horsf" })).toMatchObject(refused(401, "INVALID_CREDENTIALS"));
    expect(await login({ ...GOOD, email: "eve@example.com" })).toMatchObject(refused(401, "INVALID_CREDENTIALS"));
  });
});

test.each([
  ["x", "INVALID_JSON"],
  ["", "INVALID_JSON"],
  [[], "MISSING_EMAIL"],
  [{ password: "0123456789" }, "MISSING_EMAIL"],
  [{ email: 5, password: "0123456789" }, "MISSING_EMAIL"],
  [{ email: "  ", password: "0123456789" }, "MISSING_EMAIL"],
  [{ email: "ab", password: "0123456789" }, "INVALID_EMAIL"],
  [{ email: "a b@c", password: "0123456789" }, "INVALID_EMAIL"],
  [{ email: "a@b@c", password: "0123456789" }, "INVALID_EMAIL"],
  [{ email: `${"a".repeat(253)}@b`, password: "0123456789" }, "INVALID_EMAIL"],
  [{ email: "a\u0000@b", password: "0123456789" }, "INVALID_TEXT"],
  [{ email: "a@b" }, "MISSING_PASSWORD"],
  [{ email: "a@b", password: 5 }, "MISSING_PASSWORD"],
  [{ email: "a@b", password: "123456789" }, "WEAK_PASSWORD"],
  [{ email: "a@b", password: "😀".repeat(9) }, "WEAK_PASSWORD"],
  [{ email: "a@b", password: "x".repeat(1025) }, "PASSWORD_TOO_LONG"],
  [{ email: "a@b", password: "0123456789", displayName: "x".repeat(201) }, "INVALID_VALUE"],
])("register %j is 400 %s", async (body, code) => {
  world = await openWorld();
  expect(await register(body)).toMatchObject(refused(400, code));
});

test("login without its members is 400, an impossible address or password 401", async () => {
  world = await openWorld();
  expect(await login("x")).toMatchObject(refused(400, "INVALID_JSON"));
  expect(await login({ password: "x" })).toMatchObject(refused(400, "MISSING_EMAIL"));
  expect(await login({ email: "a@b" })).toMatchObject(refused(400, "MISSING_PASSWORD"));
  expect(await login({ email: "ab", password: "x" })).toMatchObject(refused(401, "INVALID_CREDENTIALS"));
  const long = { email: "a@b", password: "x".repeat(100_000) };
  expect(await login(long)).toMatchObject(refused(401, "INVALID_CREDENTIALS"));
});

test("a taken address is 409, also when two register at the same time", async () => {
  world = await openWorld();
  const answers = await Promise.all([1, 2, 3].map((n) => register({ ...GOOD, displayName: `Ada ${n}` })));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
  expect(await register({ ...GOOD, email: "ADA@EXAMPLE.COM" })).toMatchObject(refused(409, "EMAIL_TAKEN"));
  expect(await world.db.read.all("SELECT id FROM User", [])).toHaveLength(1);
});

test("another unique field is 409 INSERT_FAILED, and nothing of the registration stays", async () => {
  world = await openWorld({ hasPasswordColumn: false });
  await register({ ...GOOD, displayName: "Ada" });
  const second = await register({ email: "b@c", password: "0123456789", displayName: "Ada" });
  expect(second).toMatchObject({ status: 409, json: { error: { code: "INSERT_FAILED" } } });
  expect(second.json.error.message).toContain("UNIQUE constraint failed: User.displayName");
  for (const table of ["User", "_pylon_passwords", "_pylon_sessions"])
    expect(await world.db.read.all(`SELECT * FROM ${table}`, [])).toHaveLength(1);
});

test("a login always makes a new token; the one that the browser held stays what it was", async () => {
  world = await openWorld();
  await register(GOOD);
  const { token: planted } = (await world.call("POST /api/auth/guest")).json;
  const entered = await login(GOOD, { ...BROWSER, cookie: `app_session=${planted}` });
  expect(entered.json.token).not.toBe(planted);
  expect((await world.call("GET /api/auth/me", { headers: bearer(planted) })).json.is_guest).toBe(true);
});

test("the hash on disk is argon2id with 19 MiB, two passes, one lane; no secret is", async () => {
  world = await openWorld();
  const secrets = [GOOD.password];
  secrets.push((await register(GOOD)).json.token);
  for (let n = 0; n < 20; n += 1) secrets.push((await world.call("POST /api/auth/guest")).json.token);
  const refreshed = await world.call("POST /api/auth/refresh", { headers: bearer(secrets[1]) });
  secrets.push(refreshed.json.token);
  const disk = world.bytesOnDisk();
  expect(secrets.filter((secret) => disk.includes(secret))).toEqual([]);
  expect(secrets.filter((secret) => disk.includes(secret.replace("pylon_", "")))).toEqual([]);
  // Negative control: what is meant to be there is found.
  expect(disk).toContain("ada@example.com");
  expect(disk).toMatch(/\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}/);
});

describe("limits", () => {
  test("of one address: 5 a minute, right or wrong", async () => {
    world = await openWorld();
    await register(GOOD);
    const statuses = [];
    for (let n = 0; n < 5; n += 1)
      statuses.push((await login({ ...GOOD, password: n === 0 ? GOOD.password : "no" })).status);
    expect(statuses).toEqual([200, 401, 401, 401, 401]);
    const sixth = await login(GOOD);
    expect(sixth).toMatchObject({
      status: 429,
      json: { error: { code: "RATE_LIMITED", message: "Too many login attempts", hint: "Try again in 60s" } },
      retryAfterSecs: 60,
    });
    expect((await login(GOOD, {}, "198.51.100.7")).status).toBe(200);
    world.advanceSecs(59);
    expect((await login(GOOD)).status).toBe(429);
    world.advanceSecs(1);
    expect((await login(GOOD)).status).toBe(200);
  });

  test("of one account: by the hour, from whatever address", async () => {
    world = await openWorld({ env: { PYLON_LOGIN_MAX_PER_HOUR: "3" } });
    await register(GOOD);
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await login({ ...GOOD, password: "no" }, {}, `10.0.0.${n}`)).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await login(GOOD, {}, "10.0.0.9")).status).toBe(429);
    world.advanceSecs(3600);
    expect((await login(GOOD, {}, "10.0.0.9")).status).toBe(200);
  });

  test("of registrations by one address", async () => {
    world = await openWorld({ env: { PYLON_SIGNUP_MAX_PER_MINUTE: "1" } });
    expect((await register(GOOD)).status).toBe(200);
    expect(await register({ ...GOOD, email: "b@c" })).toMatchObject(refused(429, "RATE_LIMITED"));
  });
});
