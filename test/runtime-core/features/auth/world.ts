import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIdentity } from "../../../../runtime-core/features/auth/identity.ts";
import { argon2Passwords } from "../../../../runtime-core/features/auth/password.ts";
import type { UserStore } from "../../../../runtime-core/features/auth/ports.ts";
import { type AuthOptions, authRoutes } from "../../../../runtime-core/features/auth/routes.ts";
import { openSessions } from "../../../../runtime-core/features/auth/sessions.ts";
import { createAuthTables } from "../../../../runtime-core/features/auth/tables.ts";
import type { Auth } from "../../../../runtime-core/kernel/auth.ts";
import { PylonError } from "../../../../runtime-core/kernel/errors.ts";
import { rowIds, systemRandom } from "../../../../runtime-core/kernel/ids.ts";
import { readLimits } from "../../../../runtime-core/kernel/limits.ts";
import type { Call, Reply } from "../../../../runtime-core/net/ports.ts";
import { openSqlite } from "../../../../runtime-core/storage/sqlite/open.ts";

export const ADMIN = { authorization: "Bearer admin-secret-admin-secret" };
export const BROWSER = { origin: "https://app.example" };
export const bearer = (token: unknown) => ({ authorization: `Bearer ${token}` });
export const cookie = (token: unknown) => ({ cookie: `theme=dark; app_session=${token}` });

/** What a generated program hands in for a `User` (with or without `passwordHash`) and an `OrgMember`, written by hand. */
function userStore(hasPasswordColumn: boolean): UserStore {
  return {
    hasPasswordColumn,
    findByEmail: async (email, on) => {
      const row = await on.get<{ id: string; passwordHash?: string | null }>("SELECT * FROM User WHERE email = ?", [
        email,
      ]);
      return row === undefined ? null : { id: row.id, passwordHash: row.passwordHash ?? null };
    },
    get: (id, on) =>
      on.text("SELECT json_object('id', id, 'email', email, 'displayName', displayName) FROM User WHERE id = ?", [id]),
    insert: async (unit, user) => {
      await unit.run("INSERT INTO User (id, email, displayName) VALUES (?, ?, ?)", [
        user.id,
        user.email,
        user.displayName,
      ]);
      if (hasPasswordColumn)
        await unit.run("UPDATE User SET passwordHash = ? WHERE id = ?", [user.passwordHash, user.id]);
    },
    isMember: (userId, orgId, on) =>
      on.text("SELECT role FROM OrgMember WHERE userId = ? AND orgId = ?", [userId, orgId]),
  };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes, and tests say what they expect
  readonly json: any;
  readonly headers: readonly string[];
  readonly retryAfterSecs: number | undefined;
}

/** Sign-in over a real SQLite file, called without HTTP, under a clock that stands still. */
export async function openWorld(
  settings: Partial<AuthOptions> & {
    readonly hasPasswordColumn?: boolean;
    readonly env?: Record<string, string>;
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "pylon-auth-"));
  const { hasPasswordColumn = true, devMode = false } = settings;
  const limits = readLimits({ PYLON_SIGNUP_MAX_PER_MINUTE: "100", ...settings.env }, false);
  let ms = Date.parse("2026-01-01T00:00:00Z");
  const clock = { now: () => ms, monotonic: () => ms };
  const db = await openSqlite({ path: join(folder, "test.db"), limits, clock });
  await createAuthTables(db);
  await db.write(async (unit) => {
    const hash = hasPasswordColumn ? ", passwordHash TEXT" : "";
    await unit.run(`CREATE TABLE User (id TEXT PRIMARY KEY, email TEXT NOT NULL, displayName TEXT UNIQUE${hash})`, []);
    await unit.run("CREATE TABLE OrgMember (id TEXT PRIMARY KEY, userId TEXT, orgId TEXT, role TEXT)", []);
  });
  const changes: { sessionId: string; auth: Auth }[] = [];
  const sessions = openSessions({
    db,
    clock,
    random: systemRandom,
    sessionSeconds: 2_592_000,
    sessionCacheMax: limits.sessionCacheMax,
    changed: (sessionId, auth) => changes.push({ sessionId, auth }),
  });
  const identity = openIdentity(sessions, "admin-secret-admin-secret", "app_session");
  const handler = authRoutes({
    db,
    sessions,
    identity,
    clock,
    random: systemRandom,
    limits,
    cookie: { name: "app_session", domain: null, secure: true, sameSite: "Lax" },
    devMode,
    newId: rowIds(clock, systemRandom),
    users: userStore(hasPasswordColumn),
    passwords: argon2Passwords,
    ...settings,
  });

  async function reply(method: string, path: string, headers: Record<string, string>, body: string, remote: string) {
    const auth = await identity.identify(headers);
    const segments = path.slice(1).split("/");
    const call: Call = { method, path, segments, search: "", auth, body, header: (name) => headers[name], remote };
    return handler(call);
  }

  async function call(
    route: `${string} /${string}`,
    {
      headers = {},
      body = "",
      remote = "192.0.2.1",
    }: { headers?: Record<string, string>; body?: unknown; remote?: string } = {},
  ): Promise<Answer> {
    const [method = "", path = ""] = route.split(" ");
    const text = typeof body === "string" ? body : JSON.stringify(body);
    try {
      const made: Reply = (await reply(method, path, headers, text, remote)) ?? { status: 404, body: "null" };
      return {
        status: made.status,
        json: JSON.parse(String(made.body)),
        headers: made.headers ?? [],
        retryAfterSecs: undefined,
      };
    } catch (error) {
      if (!(error instanceof PylonError)) throw error;
      const { code, message, hint, status, retryAfterSecs } = error;
      return { status, json: { error: { code, message, hint } }, headers: [], retryAfterSecs };
    }
  }

  return {
    db,
    clock,
    sessions,
    identity,
    changes,
    call,
    advanceSecs: (secs: number) => {
      ms += secs * 1000;
    },
    /** Everything on disk, log of the database included. */
    bytesOnDisk: () =>
      readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), "latin1"))
        .join(""),
    close: async () => {
      await db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
