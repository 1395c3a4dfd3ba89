/**
 * Who is calling, as policies see it (`auth.*`). Made once a request or socket by `features/auth`, never changed.
 * `sessionId` is the SHA-256 of the session token in hex (null without a session); the token itself is not kept.
 */
export interface Auth {
  readonly userId: string | null;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly tenantId: string | null;
  readonly roles: readonly string[];
  readonly sessionId: string | null;
}

export const ANONYMOUS: Auth = Object.freeze({
  userId: null,
  isAdmin: false,
  isGuest: false,
  tenantId: null,
  roles: Object.freeze([]) as readonly string[],
  sessionId: null,
});

/** `auth.hasRole("r")`: an admin has every role (dsl 2.4). */
export const hasRole = (auth: Auth, role: string): boolean => auth.isAdmin || auth.roles.includes(role);

/** `auth.hasAnyRole("a", "b")`. */
export const hasAnyRole = (auth: Auth, ...roles: readonly string[]): boolean =>
  auth.isAdmin || roles.some((role) => auth.roles.includes(role));
