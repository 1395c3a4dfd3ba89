import { afterEach, expect, test } from "vitest";
import { openSessions } from "../../../../runtime-core/features/auth/sessions.ts";
import { ANONYMOUS } from "../../../../runtime-core/kernel/auth.ts";
import { systemRandom } from "../../../../runtime-core/kernel/ids.ts";
import type { Args, SqlConnection } from "../../../../runtime-core/storage/ports.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
afterEach(() => world.close());
const create = (userId: string) =>
  world.db.write((unit) => world.sessions.create(unit, { userId, isGuest: false, device: "a browser" }));

test("a session in memory is resolved at once, the same frozen value each time", async () => {
  world = await openWorld();
  const { token } = await create("u1");
  const auth = await world.sessions.resolve(token);
  expect(auth).toMatchObject({ userId: "u1", isAdmin: false, isGuest: false, tenantId: null, roles: [] });
  expect(world.sessions.resolve(token)).toBe(auth);
  expect(Object.isFrozen(auth) && Object.isFrozen(auth.roles)).toBe(true);
});

test("tokens in other forms never reach the database", async () => {
  world = await openWorld();
  const { token } = await create("u1");
  for (const odd of ["", "pylon_", token.slice(0, -1), `${token}0`, token.toUpperCase(), ` ${token}`, `${token}\n`])
    expect(world.sessions.resolve(odd)).toBe(ANONYMOUS);
  expect(await world.sessions.resolve(`pylon_${"0".repeat(64)}`)).toBe(ANONYMOUS);
});

test("an expired session is nobody's, in memory or not, and is swept", async () => {
  world = await openWorld();
  const remembered = await create("u1");
  const { sessionId } = await world.sessions.resolve(remembered.token);
  const unseen = await create("u1");
  world.advanceSecs(2_592_000);
  const later = await create("u1");
  expect(await world.sessions.resolve(remembered.token)).toBe(ANONYMOUS);
  expect(await world.sessions.resolve(unseen.token)).toBe(ANONYMOUS);
  expect(await world.sessions.refresh(sessionId ?? "")).toBeNull();
  expect(await world.sessions.upgrade(sessionId ?? "", "u2")).toBe(false);
  expect(await world.sessions.sweep()).toBe(2);
  expect(world.changes).toContainEqual({ sessionId, auth: ANONYMOUS });
  expect(await world.sessions.sweep()).toBe(0);
  expect(await world.sessions.resolve(later.token)).toMatchObject({ userId: "u1" });
});

test("a sweep takes any number", async () => {
  world = await openWorld();
  await world.db.write(async (unit) => {
    for (let n = 0; n < 1001; n += 1) await world.sessions.create(unit, { userId: "u", isGuest: true, device: null });
  });
  world.advanceSecs(2_592_000);
  expect(await world.sessions.sweep()).toBe(1001);
});

test("memory is bounded: beyond it a session is read again", async () => {
  world = await openWorld({ env: { PYLON_SESSION_CACHE_MAX: "2" } });
  const tokens = [await create("u1"), await create("u2"), await create("u3")].map((issued) => issued.token);
  for (const token of tokens) await world.sessions.resolve(token);
  expect(world.sessions.resolve(tokens[0] ?? "")).toBeInstanceOf(Promise);
  expect(world.sessions.resolve(tokens[2] ?? "")).not.toBeInstanceOf(Promise);
});

test("a read that a revocation overtakes is not remembered", async () => {
  world = await openWorld();
  const { token } = await create("u1");
  const sessionId = (await world.sessions.list("u1"))[0]?.id ?? "";
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { db } = world;
  const slowToAnswer: SqlConnection = {
    all: (sql, args) => db.read.all(sql, args),
    run: (sql, args) => db.read.run(sql, args),
    text: (sql, args) => db.read.text(sql, args),
    get: async <T>(sql: string, args: Args) => {
      const row = await db.read.get<T>(sql, args);
      await held;
      return row;
    },
  };
  const sessions = openSessions({
    db: { ...db, read: slowToAnswer },
    clock: world.clock,
    random: systemRandom,
    sessionSeconds: 60,
    sessionCacheMax: 10,
    changed: () => {},
  });
  const overtaken = sessions.resolve(token);
  await sessions.revoke(sessionId);
  letGo();
  await overtaken;
  expect(await sessions.resolve(token)).toBe(ANONYMOUS);
});

test("a unit that fails makes no session and changes none", async () => {
  world = await openWorld();
  const { token } = await create("u1");
  const { sessionId } = await world.sessions.resolve(token);
  const failing = world.db.write(async (unit) => {
    await world.sessions.setTenant(unit, sessionId ?? "", "o1", ["owner"]);
    await world.sessions.create(unit, { userId: "u9", isGuest: false, device: null });
    throw new RangeError("stop");
  });
  await expect(failing).rejects.toThrow("stop");
  expect(world.changes).toEqual([]);
  expect(await world.sessions.resolve(token)).toMatchObject({ tenantId: null });
  expect(await world.sessions.list("u9")).toEqual([]);
});
