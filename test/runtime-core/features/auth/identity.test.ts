import { afterEach, expect, test } from "vitest";
import { openIdentity } from "../../../../runtime-core/features/auth/identity.ts";
import { ANONYMOUS } from "../../../../runtime-core/kernel/auth.ts";
import { ADMIN, bearer, cookie, openWorld, type World } from "./world.ts";

let world: World;
afterEach(() => world.close());
const create = async (userId: string) =>
  (await world.db.write((unit) => world.sessions.create(unit, { userId, isGuest: false, device: null }))).token;

test("bearer in any case, cookie only without bearer", async () => {
  world = await openWorld();
  const { identify } = world.identity;
  const [first, second] = [await create("u1"), await create("u2")];
  for (const word of ["Bearer", "bearer", "BEARER"])
    expect(await identify({ authorization: `${word} ${first}` })).toMatchObject({ userId: "u1" });
  expect(await identify(cookie(first))).toMatchObject({ userId: "u1" });
  expect(await identify({ ...bearer(second), ...cookie(first) })).toMatchObject({ userId: "u2" });
  expect(await identify({ ...bearer("unknown"), ...cookie(first) })).toBe(ANONYMOUS);
  expect(await identify({ authorization: "Basic eA==", ...cookie(first) })).toMatchObject({ userId: "u1" });
  expect(await identify({ cookie: `other_session=${first}` })).toBe(ANONYMOUS);
  expect(await identify({ cookie: `xapp_session=${first};app_session=${second}` })).toMatchObject({ userId: "u2" });
});

test("the admin token is the admin, but not as a cookie and not when none is set", async () => {
  world = await openWorld();
  const admin = { userId: "__admin__", isAdmin: true, roles: ["admin"], sessionId: null };
  expect(world.identity.identify(ADMIN)).toMatchObject(admin);
  expect(world.identity.identify(cookie("admin-secret-admin-secret"))).toBe(ANONYMOUS);
  for (const near of ["admin-secret-admin-secre", "admin-secret-admin-secret0", ""])
    expect(world.identity.identify(bearer(near))).toBe(ANONYMOUS);
  const without = openIdentity(world.sessions, null, "app_session");
  for (const token of ["", "null", "admin-secret-admin-secret"])
    expect(without.identify(bearer(token))).toBe(ANONYMOUS);
});

test("an API key is refused, an unconfigured JWT is nobody", async () => {
  world = await openWorld();
  expect(() => world.identity.identify(bearer("pk.a.b"))).toThrowError(
    expect.objectContaining({ code: "INVALID_API_KEY", status: 401 }),
  );
  expect(world.identity.identify(bearer("a.b.c"))).toBe(ANONYMOUS);
});

test("a cookie credential is one without a bearer token beside it", async () => {
  world = await openWorld();
  const { hasCookieCredential } = world.identity;
  expect(hasCookieCredential(cookie("x"))).toBe(true);
  expect(hasCookieCredential({ ...cookie("x"), ...bearer("y") })).toBe(false);
  expect(hasCookieCredential({ cookie: "theme=dark" })).toBe(false);
  expect(hasCookieCredential({})).toBe(false);
});
