import { hash } from "node:crypto";
import { ANONYMOUS, type Auth } from "../../kernel/auth.ts";
import type { Clock } from "../../kernel/clock.ts";
import { type Random, toHex } from "../../kernel/ids.ts";
import type { Database, WriteUnit } from "../../storage/ports.ts";
import type { SessionChanged } from "./ports.ts";
import { type SessionRow, sessionSql } from "./session-sql.ts";

export interface NewSession {
  readonly userId: string;
  readonly isGuest: boolean;
  readonly device: string | null;
}

/** A session as its owner gets it: the only moment that the token is known in plain text. `expiresAt` in Unix seconds. */
export interface Issued {
  readonly token: string;
  readonly userId: string;
  readonly expiresAt: number;
}

export interface SessionOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly sessionSeconds: number;
  readonly sessionCacheMax: number;
  readonly changed: SessionChanged;
}

export interface Sessions {
  readonly sessionSeconds: number;
  create(unit: WriteUnit, session: NewSession): Promise<Issued>;
  /** Who the token speaks for; anonymous when it is unknown or expired. At once when the session is in memory. */
  resolve(token: string): Auth | Promise<Auth>;
  /** Live sessions of a user, oldest first, at most 1,000. */
  list(userId: string): Promise<readonly SessionRow[]>;
  revoke(sessionId: string): Promise<void>;
  /** Ends every session of the user; gives their number. */
  revokeUser(userId: string): Promise<number>;
  /** Replaces the session by one with a new token; the old token is dead when this resolves. Null when it is already. */
  refresh(sessionId: string): Promise<Issued | null>;
  /** Keeps the token, changes its user, leaves the tenant (H-AUTH-UPGRADE). False when the session is not live. */
  upgrade(sessionId: string, userId: string): Promise<boolean>;
  /** False when the session is not live. */
  setTenant(unit: WriteUnit, sessionId: string, tenantId: string | null, roles: readonly string[]): Promise<boolean>;
  /** Removes expired sessions; gives their number. */
  sweep(): Promise<number>;
}

/** Sessions removed in one unit of work, so that a large sweep does not hold up writers. */
const sweepRowsMax = 500;

const TOKEN = /^pylon_[0-9a-f]{64}$/;

/** The form of a session token, whether or not there is such a session. */
export const isSessionToken = (token: string): boolean => TOKEN.test(token);

/** `crypto.hash` takes 1.2 us where `createHash` takes 2.4, and this runs on every request. */
const idOf = (token: string): string => hash("sha256", token, "hex");

const authOf = (row: SessionRow): Auth =>
  Object.freeze({
    userId: row.user_id,
    isAdmin: false,
    isGuest: row.is_guest === 1,
    tenantId: row.tenant_id,
    roles: Object.freeze(JSON.parse(row.roles) as string[]),
    sessionId: row.id,
  });

export function openSessions(options: SessionOptions): Sessions {
  const { db, clock, random, sessionSeconds, sessionCacheMax, changed } = options;
  const sql = sessionSql(db.dialect);
  const cache = new Map<string, { readonly auth: Auth; readonly expiresAt: number }>();
  let changes = 0;

  const nowSecs = () => Math.floor(clock.now() / 1000);

  /** After COMMIT: `auth` is what the session is from now on. */
  const became = (sessionId: string, auth: Auth) => {
    changes += 1;
    cache.delete(sessionId);
    changed(sessionId, auth);
  };

  async function load(id: string): Promise<Auth> {
    const changesBefore = changes;
    const row = await db.read.get<SessionRow>(sql.liveById, [id, nowSecs()]);
    if (row === undefined) return ANONYMOUS;
    const auth = authOf(row);
    // A row read before a revocation was committed must not be remembered after it.
    if (changes === changesBefore) {
      const oldest = cache.size >= sessionCacheMax ? cache.keys().next().value : undefined;
      if (oldest !== undefined) cache.delete(oldest);
      cache.set(id, { auth, expiresAt: row.expires_at });
    }
    return auth;
  }

  async function insert(unit: WriteUnit, from: Omit<SessionRow, "id" | "token_prefix" | "created_at" | "expires_at">) {
    const token = `pylon_${toHex(random.bytes(32))}`;
    const createdAt = nowSecs();
    const expiresAt = createdAt + sessionSeconds;
    const row: SessionRow = {
      ...from,
      id: idOf(token),
      token_prefix: token.slice(0, 8),
      created_at: createdAt,
      expires_at: expiresAt,
    };
    await unit.run(sql.insert, [
      row.id,
      row.user_id,
      row.tenant_id,
      row.roles,
      row.is_guest,
      row.token_prefix,
      row.device,
      row.created_at,
      row.expires_at,
    ]);
    return { issued: { token, userId: row.user_id, expiresAt }, row };
  }

  async function remove(unit: WriteUnit, ids: readonly string[]) {
    for (const id of ids) await unit.run(sql.delete, [id]);
    unit.afterCommit(() => {
      for (const id of ids) became(id, ANONYMOUS);
    });
  }

  /** Hands the new identity of a session that was just updated in this unit to whoever listens. */
  async function announce(unit: WriteUnit, sessionId: string) {
    const row = await unit.get<SessionRow>(sql.liveById, [sessionId, nowSecs()]);
    if (row !== undefined) unit.afterCommit(() => became(sessionId, authOf(row)));
    return row !== undefined;
  }

  return {
    sessionSeconds,

    create: async (unit, { userId, isGuest, device }) => {
      const from = { user_id: userId, tenant_id: null, roles: "[]", is_guest: isGuest ? 1 : 0, device };
      return (await insert(unit, from)).issued;
    },

    resolve: (token) => {
      if (!isSessionToken(token)) return ANONYMOUS;
      const id = idOf(token);
      const known = cache.get(id);
      if (known === undefined) return load(id);
      return known.expiresAt > nowSecs() ? known.auth : ANONYMOUS;
    },

    list: (userId) => db.read.all<SessionRow>(sql.liveOfUser, [userId, nowSecs()]),

    revoke: (sessionId) => db.write((unit) => remove(unit, [sessionId]), { label: "sign out" }),

    revokeUser: (userId) =>
      db.write(
        async (unit) => {
          const rows = await unit.all<{ id: string }>(sql.idsOfUser, [userId]);
          await remove(
            unit,
            rows.map((row) => row.id),
          );
          return rows.length;
        },
        { label: "sign out everywhere" },
      ),

    refresh: (sessionId) =>
      db.write(
        async (unit) => {
          const old = await unit.get<SessionRow>(sql.liveById, [sessionId, nowSecs()]);
          if (old === undefined) return null;
          await unit.run(sql.delete, [sessionId]);
          const { issued, row } = await insert(unit, old);
          unit.afterCommit(() => became(sessionId, authOf(row)));
          return issued;
        },
        { label: "refresh a session" },
      ),

    upgrade: (sessionId, userId) =>
      db.write(
        async (unit) => {
          await unit.run(sql.setOwner, [userId, sessionId, nowSecs()]);
          return announce(unit, sessionId);
        },
        { label: "upgrade a session" },
      ),

    setTenant: async (unit, sessionId, tenantId, roles) => {
      await unit.run(sql.setTenant, [tenantId, JSON.stringify(roles), sessionId, nowSecs()]);
      return announce(unit, sessionId);
    },

    sweep: async () => {
      let swept = 0;
      for (;;) {
        const count = await db.write(
          async (unit) => {
            const rows = await unit.all<{ id: string }>(sql.expired, [nowSecs(), sweepRowsMax]);
            await remove(
              unit,
              rows.map((row) => row.id),
            );
            return rows.length;
          },
          { label: "sweep expired sessions" },
        );
        swept += count;
        if (count < sweepRowsMax) return swept;
      }
    },
  };
}
