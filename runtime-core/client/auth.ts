import type { Http } from "./http.ts";
import type { Session, SessionStore } from "./session.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Signing in and out. Each of them ends with a fresh replica, since what may be seen depends on the caller. */
export interface Auth {
  /** Makes an account and signs in (H-AUTH-REGISTER): `EMAIL_TAKEN`, `WEAK_PASSWORD`, `INVALID_EMAIL`, … */
  register(account: Credentials & { readonly displayName?: string }): Promise<void>;
  /** Signs in (H-AUTH-LOGIN): `INVALID_CREDENTIALS`, `RATE_LIMITED`. */
  login(credentials: Credentials): Promise<void>;
  /** A new identity without an account (H-AUTH-GUEST). */
  guest(): Promise<void>;
  /** Asks the server who is calling. */
  me(): Promise<Session>;
  /** Ends the session here and, where it can be reached, on the server. */
  logout(): Promise<void>;
}

export function authOf(http: Http, store: SessionStore, restart: () => void): Auth {
  const signIn = async (path: string, body: object): Promise<void> => {
    const { token } = await http.request<{ token: string }>("POST", path, body);
    store.setToken(token);
    await store.refresh(http);
    restart();
  };
  return {
    register: (account) => signIn("/api/auth/password/register", account),
    login: (credentials) => signIn("/api/auth/password/login", credentials),
    guest: () => signIn("/api/auth/guest", {}),
    me: () => store.refresh(http),
    async logout() {
      try {
        await http.request("DELETE", "/api/auth/session");
      } finally {
        store.setToken(null);
        restart();
      }
    },
  };
}
