import { expect, test } from "vitest";
import { clearedCookie, readCookie, sessionCookie } from "../../../../runtime-core/features/auth/cookie.ts";

const plain = { name: "app_session", domain: null, secure: true, sameSite: "Lax" } as const;

test("H-AUTH-COOKIE: the wire form, and what PYLON_COOKIE_* changes", () => {
  expect(sessionCookie(plain, "pylon_x", 2592000)).toBe(
    "app_session=pylon_x; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=2592000",
  );
  expect(sessionCookie({ name: "s", domain: "example.com", secure: false, sameSite: "Strict" }, "t", 5)).toBe(
    "s=t; Path=/; HttpOnly; SameSite=Strict; Domain=example.com; Max-Age=5",
  );
  expect(clearedCookie(plain)).toBe("app_session=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0");
});

test.each([
  [undefined, null],
  ["", null],
  ["app_session", null],
  ["app_session=a", "a"],
  ["x=1;app_session=a=b; y=2", "a=b"],
  [" app_session = a ", "a"],
  ["app_session=a; app_session=b", "a"],
  ["myapp_session=a", null],
  [";;=;app_session=", ""],
])("cookie header %j holds %j", (header, value) => {
  expect(readCookie(header, "app_session")).toBe(value);
});
