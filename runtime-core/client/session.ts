import { asClientError, type PylonClientError } from "./errors.ts";
import type { Http } from "./http.ts";
import type { KeyValue } from "./storage.ts";

/** Who the server says is calling. */
export interface Session {
  readonly userId: string | null;
  readonly tenantId: string | null;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly roles: readonly string[];
}

export interface SessionResult {
  readonly session: Session;
  /** True until the server has said for the first time who is calling. */
  readonly loading: boolean;
  readonly error: PylonClientError | null;
}

interface MeAnswer {
  readonly user_id: string | null;
  readonly tenant_id?: string | null;
  readonly is_admin: boolean;
  readonly is_guest?: boolean;
  readonly roles?: readonly string[];
}

const SIGNED_OUT: Session = { userId: null, tenantId: null, isAdmin: false, isGuest: false, roles: [] };

/** The session token and whose it is. */
export class SessionStore {
  readonly #storage: KeyValue;
  readonly #key: string;
  readonly #listeners = new Set<() => void>();
  #result: SessionResult = { session: SIGNED_OUT, loading: true, error: null };

  constructor(storage: KeyValue, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  readonly token = (): string | null => this.#storage.get(this.#key);

  readonly read = (): SessionResult => this.#result;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  setToken(token: string | null): void {
    if (token === null) this.#storage.remove(this.#key);
    else this.#storage.set(this.#key, token);
  }

  /** Asks the server (H-AUTH-ME). */
  async refresh(http: Http, signal?: AbortSignal): Promise<Session> {
    try {
      const me = await this.#me(http, signal);
      const session: Session = {
        userId: me.user_id,
        tenantId: me.tenant_id ?? null,
        isAdmin: me.is_admin,
        isGuest: me.is_guest ?? false,
        roles: me.roles ?? [],
      };
      if (!signal?.aborted) this.#set({ session, loading: false, error: null });
      return session;
    } catch (thrown) {
      const error = asClientError(thrown);
      if (!signal?.aborted) this.#set({ session: this.#result.session, loading: false, error });
      throw error;
    }
  }

  /** A token that is no longer good is forgotten: its holder is signed out, not locked out. */
  async #me(http: Http, signal?: AbortSignal): Promise<MeAnswer> {
    const token = this.token();
    try {
      return await http.request<MeAnswer>("GET", "/api/auth/me", undefined, signal);
    } catch (error) {
      if (token === null || asClientError(error).status !== 401) throw error;
      if (this.token() === token) this.setToken(null);
      return http.request<MeAnswer>("GET", "/api/auth/me", undefined, signal);
    }
  }

  #set(result: SessionResult): void {
    if (JSON.stringify(result) === JSON.stringify(this.#result) && result.error === this.#result.error) return;
    this.#result = result;
    for (const listener of this.#listeners) listener();
  }
}

/** Rows of one identity must not be seen by another: equal texts are the same caller with the same tenant. */
export const identityOf = (session: Session): string => JSON.stringify([session.userId, session.tenantId]);
