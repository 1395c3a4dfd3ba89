import type { Auth } from "../../runtime-core/kernel/auth.ts";

/** The caller as rules see it. */
export type PolicyAuth = Omit<Auth, "sessionId">;

const KEYS = ["userId", "tenantId", "isAdmin", "isGuest", "roles"] as const;

export type AuthTextResult =
  | { readonly ok: true; readonly auth: PolicyAuth }
  | { readonly ok: false; readonly message: string };

/** Reads `--auth userId=u1,isAdmin=true,roles=editor|billing`. Empty text is an anonymous caller. */
export function parseAuthText(text: string): AuthTextResult {
  const found = new Map<string, string>();
  for (const pair of text.split(",").filter((part) => part.trim() !== "")) {
    const equals = pair.indexOf("=");
    const key = (equals === -1 ? pair : pair.slice(0, equals)).trim();
    if (!(KEYS as readonly string[]).includes(key))
      return { ok: false, message: `unknown key "${key}" in --auth; known are ${KEYS.join(", ")}` };
    if (equals === -1) return { ok: false, message: `"${key}" has no value in --auth; write ${key}=…` };
    found.set(key, pair.slice(equals + 1).trim());
  }
  for (const key of ["isAdmin", "isGuest"] as const) {
    const value = found.get(key) ?? "false";
    if (!["true", "false", "1", "0"].includes(value))
      return { ok: false, message: `${key} is true or false in --auth, not "${value}"` };
  }
  return {
    ok: true,
    auth: {
      userId: found.get("userId") || null,
      tenantId: found.get("tenantId") || null,
      isAdmin: ["true", "1"].includes(found.get("isAdmin") ?? ""),
      isGuest: ["true", "1"].includes(found.get("isGuest") ?? ""),
      roles: (found.get("roles") ?? "").split("|").filter((role) => role !== ""),
    },
  };
}
