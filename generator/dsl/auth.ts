import { type Place, placeOf } from "./positions.ts";
import { checkKeys, checkSurplus, type KeysOf } from "./strays.ts";

export interface AuthInput {
  readonly user?: UserInput;
  readonly session?: SessionInput;
  readonly trustedOrigins?: readonly string[];
}

interface UserInput {
  readonly entity?: string | { readonly name: string };
  readonly expose?: readonly string[];
  readonly hide?: readonly string[];
}

interface SessionInput {
  /** Seconds; 30 days unless set. */
  readonly expiresIn?: number;
  readonly cookieCache?: CookieCacheInput;
}

interface CookieCacheInput {
  readonly enabled?: boolean;
  readonly maxAge?: number;
  readonly claims?: readonly string[];
}

const AUTH_KEYS: KeysOf<AuthInput> = { user: true, session: true, trustedOrigins: true };
const USER_KEYS: KeysOf<UserInput> = { entity: true, expose: true, hide: true };
const SESSION_KEYS: KeysOf<SessionInput> = { expiresIn: true, cookieCache: true };
const COOKIE_CACHE_KEYS: KeysOf<CookieCacheInput> = { enabled: true, maxAge: true, claims: true };

export interface Auth {
  readonly user: { readonly entity: string; readonly expose: readonly string[]; readonly hide: readonly string[] };
  readonly session: {
    readonly expires_in: number;
    readonly cookie_cache: { readonly enabled: boolean; readonly max_age: number; readonly claims: readonly string[] };
  };
  readonly trusted_origins: readonly string[];
}

const places = new WeakMap<object, Place>();

export const placeOfAuth = (made: object): Place | undefined => places.get(made);

export const auth = (input: AuthInput = {}, ...surplus: readonly []): Auth => {
  checkKeys(auth, "auth", input, AUTH_KEYS, "0");
  checkKeys(auth, "auth", input.user, USER_KEYS, "0", "user");
  checkKeys(auth, "auth", input.session, SESSION_KEYS, "0", "session");
  checkKeys(auth, "auth", input.session?.cookieCache, COOKIE_CACHE_KEYS, "0", "session", "cookieCache");
  checkSurplus(auth, "auth", 1, surplus);
  const { user = {}, session = {}, trustedOrigins = [] } = input;
  const { entity = "User", expose = [], hide = [] } = user;
  const { enabled = false, maxAge = 300, claims = ["is_admin", "tenant_id"] } = session.cookieCache ?? {};
  const made: Auth = {
    user: { entity: typeof entity === "string" ? entity : entity.name, expose, hide },
    session: { expires_in: session.expiresIn ?? 2_592_000, cookie_cache: { enabled, max_age: maxAge, claims } },
    trusted_origins: trustedOrigins,
  };
  places.set(made, placeOf(auth));
  return Object.freeze(made);
};
