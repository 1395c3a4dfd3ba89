import { type Place, placeOf } from "./positions.ts";

export interface AuthInput {
  readonly user?: {
    readonly entity?: string | { readonly name: string };
    readonly expose?: readonly string[];
    readonly hide?: readonly string[];
  };
  readonly session?: {
    /** Seconds; 30 days unless set. */
    readonly expiresIn?: number;
    readonly cookieCache?: {
      readonly enabled?: boolean;
      readonly maxAge?: number;
      readonly claims?: readonly string[];
    };
  };
  readonly trustedOrigins?: readonly string[];
}

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

export const auth = (input: AuthInput = {}): Auth => {
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
