import { hash, timingSafeEqual } from "node:crypto";
import { ANONYMOUS, type Auth } from "../../kernel/auth.ts";
import { PylonError } from "../../kernel/errors.ts";
import { readCookie } from "./cookie.ts";
import { isSessionToken, type Sessions } from "./sessions.ts";

/** The two headers that can say who is calling. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

export interface Identity {
  /**
   * Who is calling (http 1.4). An unknown or expired token is nobody, not an error; throws 401 `INVALID_API_KEY` for an API key,
   * since this server issues none.
   */
  identify(credentials: Credentials): Auth | Promise<Auth>;
  /** The caller is known by cookie alone, so a browser may have been made to send it: CSRF and socket hijacking are possible. */
  hasCookieCredential(credentials: Credentials): boolean;
  /** The session cookie, even beside a bearer token. */
  cookieToken(credentials: Credentials): string | null;
}

const ADMIN: Auth = Object.freeze({
  userId: "__admin__",
  isAdmin: true,
  isGuest: false,
  tenantId: null,
  roles: Object.freeze(["admin"]),
  sessionId: null,
});

/** Text after `Bearer ` in any case, or null for another scheme or none. */
export const bearerToken = (authorization: string | undefined): string | null =>
  authorization !== undefined && authorization.slice(0, 7).toLowerCase() === "bearer "
    ? authorization.slice(7).trim()
    : null;

const digest = (text: string): Buffer => hash("sha256", text, "buffer");

export function openIdentity(sessions: Sessions, adminToken: string | null, cookieName: string): Identity {
  // Digests, since timingSafeEqual wants equal lengths and the length of the token is a secret too.
  const adminDigest = adminToken === null ? null : digest(adminToken);
  const isAdmin = (token: string) => adminDigest !== null && timingSafeEqual(digest(token), adminDigest);
  const cookieToken = ({ cookie }: Credentials) => readCookie(cookie, cookieName);

  return {
    identify: (credentials) => {
      const bearer = bearerToken(credentials.authorization);
      const token = bearer ?? cookieToken(credentials);
      if (token === null) return ANONYMOUS;
      if (isSessionToken(token)) return sessions.resolve(token);
      if (bearer === null) return ANONYMOUS;
      if (isAdmin(bearer)) return ADMIN;
      if (bearer.startsWith("pk."))
        throw new PylonError("INVALID_API_KEY", "Bearer token is malformed, expired, or revoked", 401);
      return ANONYMOUS;
    },
    hasCookieCredential: (credentials) =>
      bearerToken(credentials.authorization) === null && cookieToken(credentials) !== null,
    cookieToken,
  };
}
