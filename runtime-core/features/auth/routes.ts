import type { Auth } from "../../kernel/auth.ts";
import type { Clock } from "../../kernel/clock.ts";
import { PylonError } from "../../kernel/errors.ts";
import { type Random, toHex } from "../../kernel/ids.ts";
import type { Limits } from "../../kernel/limits.ts";
import type { CookieSettings } from "../../net/config.ts";
import type { Call, Handler, Reply } from "../../net/ports.ts";
import type { Database } from "../../storage/ports.ts";
import { deviceOf, openAccounts } from "./accounts.ts";
import { countAttempts } from "./attempts.ts";
import { members, textMember } from "./body.ts";
import { clearedCookie, sessionCookie } from "./cookie.ts";
import type { Identity } from "./identity.ts";
import type { Passwords, UserStore } from "./ports.ts";
import type { Issued, Sessions } from "./sessions.ts";
import { selectTenant } from "./tenant.ts";

export interface AuthOptions {
  readonly db: Database;
  readonly sessions: Sessions;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly cookie: CookieSettings;
  /** Anyone may make sessions of anyone (H-AUTH-SESSION-POST, H-AUTH-UPGRADE). */
  readonly devMode: boolean;
  /** Makes row ids (`kernel/ids`). */
  readonly newId: () => string;
  /** Null when the app has no user entity: then there are no password routes and `/session` gives no row. */
  readonly users: UserStore | null;
  /** Null when the app does not link password sign-in. */
  readonly passwords: Passwords | null;
}

const json = (status: number, value: unknown, headers: readonly string[] = []): Reply => ({
  status,
  body: JSON.stringify(value),
  headers,
});

/** The identity part of `/me` and `/session`. */
const identityOf = (auth: Auth) => ({
  is_admin: auth.isAdmin,
  ...(auth.isGuest ? { is_guest: true } : {}),
  roles: auth.roles,
  ...(auth.tenantId === null ? {} : { tenant_id: auth.tenantId }),
  user_id: auth.userId,
});

const issuedBody = ({ token, userId, expiresAt }: Issued) => ({ expires_at: expiresAt, token, user_id: userId });

const headersOf = (call: Call) => ({ authorization: call.header("authorization"), cookie: call.header("cookie") });

/** Answers `/api/auth/*` (http 4); null for paths and methods that are not its own. */
export function authRoutes(options: AuthOptions): Handler {
  const { db, sessions, identity, clock, random, limits, cookie, devMode, newId, users, passwords } = options;
  const signups = countAttempts(clock, "new accounts", limits.signupsPerMinuteMax, 60);
  const accounts =
    users === null || passwords === null
      ? null
      : openAccounts({ db, sessions, users, passwords, clock, limits, newId, signups });
  const isMember = users?.isMember?.bind(users);

  const setCookie = (token: string) => ["Set-Cookie", sessionCookie(cookie, token, sessions.sessionSeconds)];
  const clearCookie = () => ["Set-Cookie", clearedCookie(cookie)];
  /** Only a browser sends Origin, and only a browser wants the cookie (H-AUTH-COOKIE). */
  const signIn = (call: Call, token: string) => (call.header("origin") === undefined ? [] : setCookie(token));

  const me = ({ auth }: Call) => json(200, { avatar_url: null, ...identityOf(auth) });

  async function session({ auth }: Call): Promise<Reply> {
    const mayHaveRow = users !== null && auth.userId !== null && !auth.isGuest && !auth.isAdmin;
    const row = mayHaveRow ? await users.get(auth.userId, db.read) : null;
    return {
      status: 200,
      body: `{"avatar_url":null,"session":${JSON.stringify(identityOf(auth))},"user":${row ?? "null"}}`,
    };
  }

  /** `user_id` of a route that is the admin's, or anyone's in dev mode. */
  function namedUser(call: Call): string {
    if (!call.auth.isAdmin && !devMode)
      throw new PylonError("FORBIDDEN", `${call.path} requires admin auth in non-dev mode`, 403);
    const userId = textMember(members(call.body), "user_id");
    if (userId === null || userId === "") throw new PylonError("MISSING_USER_ID", "user_id is required", 400);
    return userId;
  }

  async function createSession(call: Call): Promise<Reply> {
    const userId = namedUser(call);
    const made = { userId, isGuest: false, device: deviceOf(call) };
    const { token } = await db.write((unit) => sessions.create(unit, made), { label: "make a session" });
    // No cookie: the caller is an admin's tool, whose own identity must not change under it.
    return json(201, { token, user_id: userId });
  }

  async function endSession({ auth }: Call): Promise<Reply> {
    if (auth.sessionId !== null) await sessions.revoke(auth.sessionId);
    return json(200, { revoked: true }, clearCookie());
  }

  function identified({ auth }: Call): string {
    if (auth.userId === null) throw new PylonError("AUTH_REQUIRED", "Login required", 401);
    return auth.userId;
  }

  async function listSessions(call: Call): Promise<Reply> {
    const rows = await sessions.list(identified(call));
    const shown = rows.map(({ created_at, device, expires_at, token_prefix, user_id }) => ({
      created_at,
      device,
      expires_at,
      token_prefix,
      user_id,
    }));
    return json(200, shown);
  }

  async function endSessions(call: Call): Promise<Reply> {
    const count = await sessions.revokeUser(identified(call));
    return json(200, { revoked_count: count }, identity.hasCookieCredential(headersOf(call)) ? clearCookie() : []);
  }

  async function refresh(call: Call): Promise<Reply> {
    const headers = headersOf(call);
    const byCookie = identity.hasCookieCredential(headers);
    if (!byCookie && headers.authorization === undefined)
      throw new PylonError("AUTH_REQUIRED", "No session to refresh", 401);
    const issued = call.auth.sessionId === null ? null : await sessions.refresh(call.auth.sessionId);
    if (issued === null) throw new PylonError("SESSION_EXPIRED", "Session is expired or invalid", 401);
    // A browser whose cookie held the old token would be signed out without the new one (http 12, item 15).
    return json(200, issuedBody(issued), byCookie ? setCookie(issued.token) : []);
  }

  /** The caller's session; for an admin token the one in the cookie beside it. */
  async function upgradable(call: Call): Promise<string | null> {
    if (!call.auth.isAdmin) return call.auth.sessionId;
    const token = identity.cookieToken(headersOf(call));
    return token === null ? null : (await sessions.resolve(token)).sessionId;
  }

  async function upgrade(call: Call): Promise<Reply> {
    const userId = namedUser(call);
    const sessionId = await upgradable(call);
    if (sessionId === null || !(await sessions.upgrade(sessionId, userId)))
      throw new PylonError("UPGRADE_FAILED", "No valid session to upgrade", 400);
    return json(200, { upgraded: true, user_id: userId });
  }

  async function newGuest(call: Call): Promise<Issued> {
    signups(call.remote);
    const guest = { userId: `guest_${toHex(random.bytes(16))}`, isGuest: true, device: deviceOf(call) };
    return db.write((unit) => sessions.create(unit, guest), { label: "make a guest" });
  }

  async function guest(call: Call): Promise<Reply> {
    const { token, userId } = await newGuest(call);
    return json(201, { guest: true, token, user_id: userId }, signIn(call, token));
  }

  async function anonymous(call: Call): Promise<Reply> {
    const issued = await newGuest(call);
    return json(200, { ...issuedBody(issued), is_guest: true }, signIn(call, issued.token));
  }

  async function signedIn(call: Call, issuing: Promise<Issued>): Promise<Reply> {
    const issued = await issuing;
    return json(200, issuedBody(issued), signIn(call, issued.token));
  }

  return (call) => {
    switch (`${call.method} ${call.path}`) {
      case "GET /api/auth/me":
        return me(call);
      case "GET /api/auth/session":
        return session(call);
      case "POST /api/auth/session":
        return createSession(call);
      case "DELETE /api/auth/session":
        return endSession(call);
      case "GET /api/auth/sessions":
        return listSessions(call);
      case "DELETE /api/auth/sessions":
        return endSessions(call);
      case "POST /api/auth/refresh":
        return refresh(call);
      case "POST /api/auth/upgrade":
        return upgrade(call);
      case "POST /api/auth/guest":
        return guest(call);
      case "POST /api/auth/anonymous":
        return anonymous(call);
      case "POST /api/auth/password/register":
        return accounts === null ? null : signedIn(call, accounts.register(call));
      case "POST /api/auth/password/login":
        return accounts === null ? null : signedIn(call, accounts.login(call));
      case "POST /api/auth/select-org":
        return isMember === undefined ? null : selectTenant(db, sessions, isMember, call);
      default:
        return null;
    }
  };
}
