import { expect, test } from "vitest";
import { argon2Passwords } from "../../../../runtime-core/features/auth/password.ts";

test("a hash is PHC text under the options of H-AUTH-REGISTER, salted anew each time", async () => {
  const first = await argon2Passwords.hash("0123456789");
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await argon2Passwords.hash("0123456789")).not.toBe(first);
  expect(await argon2Passwords.verify(first, "0123456789")).toBe(true);
  expect(await argon2Passwords.verify(first, "012345678")).toBe(false);
});

test("nobody's password and a hash of another kind are never right", async () => {
  for (const stored of [null, "", "$2b$10$abcdefghijklmnopqrstuv"])
    expect(await argon2Passwords.verify(stored, "")).toBe(false);
});

test("an unknown account costs as much as a wrong password", async () => {
  const stored = await argon2Passwords.hash("0123456789");
  const time = async (hash: string | null) => {
    const from = performance.now();
    for (let n = 0; n < 5; n += 1) await argon2Passwords.verify(hash, "wrong");
    return performance.now() - from;
  };
  await time(stored);
  expect(await time(null)).toBeGreaterThan((await time(stored)) / 3);
});
