import type { Clock } from "../../kernel/clock.ts";
import { PylonError } from "../../kernel/errors.ts";
import type { Limits } from "../../kernel/limits.ts";
import type { Call } from "../../net/ports.ts";
import { type Database, UniqueViolation } from "../../storage/ports.ts";
import { type Attempts, countAttempts } from "./attempts.ts";
import { members, textMember } from "./body.ts";
import type { Passwords, UserStore } from "./ports.ts";
import type { Issued, Sessions } from "./sessions.ts";

export interface AccountOptions {
  readonly db: Database;
  readonly sessions: Sessions;
  readonly users: UserStore;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Makes row ids (`kernel/ids`). */
  readonly newId: () => string;
  /** Shared with guests: what one address may make in a minute. */
  readonly signups: Attempts;
}

export interface Accounts {
  register(call: Call): Promise<Issued>;
  login(call: Call): Promise<Issued>;
}

const passwordCharsMin = 10;
const emailCharsMax = 254;
const displayNameCharsMax = 200;
const AVATAR_COLORS = ["#ef4444", "#f97316", "#eab308", "#22c55e", "#14b8a6", "#3b82f6", "#8b5cf6", "#ec4899"];

/** The address trimmed and lower-cased, so that one person is one account. */
function emailOf(body: Readonly<Record<string, unknown>>): string {
  const email = textMember(body, "email")?.trim().toLowerCase() ?? "";
  if (email === "") throw new PylonError("MISSING_EMAIL", "email is required", 400);
  return email;
}

function passwordOf(body: Readonly<Record<string, unknown>>): string {
  const { password } = body;
  if (typeof password === "string" && password !== "") return password;
  throw new PylonError("MISSING_PASSWORD", "password is required", 400);
}

const isEmail = (text: string): boolean => text.length <= emailCharsMax && /^[^\s@]+@[^\s@]+$/.test(text);

/** Characters are code points, as people count them. */
function checkStrength(password: string, bytesMax: number): void {
  const length = [...password].length;
  if (length < passwordCharsMin)
    throw new PylonError("WEAK_PASSWORD", `password too short (${length} chars, need ${passwordCharsMin})`, 400);
  if (Buffer.byteLength(password) > bytesMax)
    throw new PylonError("PASSWORD_TOO_LONG", `password too long (at most ${bytesMax} bytes)`, 400);
}

const invalidCredentials = () => new PylonError("INVALID_CREDENTIALS", "Email or password is incorrect", 401);
const emailTaken = () => new PylonError("EMAIL_TAKEN", "Email already registered", 409);

/** User agent of the caller, shortened, for the list of a user's sessions. */
export const deviceOf = (call: Call): string | null => call.header("user-agent")?.slice(0, 200) ?? null;

export function openAccounts(options: AccountOptions): Accounts {
  const { db, sessions, users, passwords, clock, limits, newId, signups } = options;
  const { parameter: p } = db.dialect;
  const storeHash = `INSERT INTO _pylon_passwords (user_id, hash) VALUES (${p(1)}, ${p(2)})`;
  const hashOf = `SELECT hash FROM _pylon_passwords WHERE user_id = ${p(1)}`;
  const byAddress = countAttempts(clock, "login attempts", limits.loginsPerMinuteMax, 60);
  const byAccount = countAttempts(clock, "login attempts", limits.loginsPerHourMax, 3600);

  async function storedHash(user: { id: string; passwordHash: string | null }): Promise<string | null> {
    return users.hasPasswordColumn ? user.passwordHash : db.read.text(hashOf, [user.id]);
  }

  return {
    register: async (call) => {
      const body = members(call.body);
      const email = emailOf(body);
      if (!isEmail(email)) throw new PylonError("INVALID_EMAIL", "email must be well-formed", 400);
      const password = passwordOf(body);
      checkStrength(password, limits.passwordBytesMax);
      const displayName = textMember(body, "displayName") ?? email;
      if (displayName.length > displayNameCharsMax)
        throw new PylonError("INVALID_VALUE", `displayName is longer than ${displayNameCharsMax} characters`, 400);
      signups(call.remote);
      // Before the costly hash, and again in the unit, where it decides.
      if ((await users.findByEmail(email, db.read)) !== null) throw emailTaken();
      // Hashing waits for a thread, which a unit of work may not do (D9).
      const hash = await passwords.hash(password);
      const id = newId();
      try {
        return await db.write(
          async (unit) => {
            if ((await users.findByEmail(email, unit)) !== null) throw emailTaken();
            await users.insert(unit, {
              id,
              email,
              displayName,
              avatarColor: AVATAR_COLORS[Number.parseInt(id.slice(-1), 16) % 8] ?? "#ef4444",
              passwordHash: users.hasPasswordColumn ? hash : null,
              now: new Date(clock.now()).toISOString(),
            });
            if (!users.hasPasswordColumn) await unit.run(storeHash, [id, hash]);
            return sessions.create(unit, { userId: id, isGuest: false, device: deviceOf(call) });
          },
          { label: "register" },
        );
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error;
        if (error.columns.some((column) => column.endsWith(".email"))) throw emailTaken();
        throw new PylonError("INSERT_FAILED", error.message, 409);
      }
    },

    login: async (call) => {
      const body = members(call.body);
      const email = emailOf(body);
      const password = passwordOf(body);
      byAddress(call.remote);
      // What could never have been registered is not worth a hash, nor a place in memory; it says nothing about any account.
      if (!isEmail(email) || Buffer.byteLength(password) > limits.passwordBytesMax) throw invalidCredentials();
      byAccount(email);
      const user = await users.findByEmail(email, db.read);
      const isRight = await passwords.verify(user === null ? null : await storedHash(user), password);
      if (user === null || !isRight) throw invalidCredentials();
      // Always a new token: one that was planted in the browser before never becomes this user's.
      return db.write((unit) => sessions.create(unit, { userId: user.id, isGuest: false, device: deviceOf(call) }), {
        label: "log in",
      });
    },
  };
}
