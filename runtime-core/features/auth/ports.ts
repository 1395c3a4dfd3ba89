import type { Auth } from "../../kernel/auth.ts";
import type { SqlConnection, WriteUnit } from "../../storage/ports.ts";

/** A user row to be made by registration. The store writes the columns that the app's `User` declares and leaves the others out. */
export interface NewUser {
  /** 40 hex digits. */
  readonly id: string;
  /** Trimmed, lower-cased. */
  readonly email: string;
  readonly displayName: string;
  /** `#rrggbb`. */
  readonly avatarColor: string;
  /** Argon2id PHC text; null when `hasPasswordColumn` is false. */
  readonly passwordHash: string | null;
  /** UTC text `YYYY-MM-DDTHH:MM:SS.mmmZ`, for `createdAt`. */
  readonly now: string;
}

/**
 * Row access of sign-in, made by the generated program for the app's user entity. Every method reads through the connection it is
 * given: a committed one, or the unit of work that decides (so that nothing is checked outside the transaction that relies on it).
 */
export interface UserStore {
  /** The entity declares `passwordHash`; without it the hash lives in `_pylon_passwords`. */
  readonly hasPasswordColumn: boolean;
  findByEmail(email: string, on: SqlConnection): Promise<{ id: string; passwordHash: string | null } | null>;
  /** The user's own wire row (`expose` and `hide` applied) as JSON text. */
  get(id: string, on: SqlConnection): Promise<string | null>;
  /** Inserts the row and appends its event. Throws `UniqueViolation`. */
  insert(unit: WriteUnit, user: NewUser): Promise<void>;
  /** Role of the user in the organisation by `OrgMember`, or null. Absent when the app has no such entity. */
  isMember?(userId: string, orgId: string, on: SqlConnection): Promise<string | null>;
}

/** Slow hashing of passwords; `password.ts` is the one that apps with password sign-in link. */
export interface Passwords {
  /** PHC text. */
  hash(password: string): Promise<string>;
  /** `hash` null: no such account, or one without a password; costs the same and is false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

/**
 * Called after COMMIT when a session stops being what it was: sign-out and expiry (`auth` is anonymous), refresh (the identity under
 * its new session id), upgrade, tenant change. Open sockets of that session take the new identity at once (R-SESSION). Must not throw.
 */
export type SessionChanged = (sessionId: string, auth: Auth) => void;
