import type { Auth } from "../kernel/auth.ts";

/** A request after head and body were read under their limits and the caller was resolved. */
export interface Call {
  readonly method: string;
  /** Path without query, as sent. */
  readonly path: string;
  /** Percent-decoded path segments: `/api/entities/Todo/x` is ["api", "entities", "Todo", "x"]. */
  readonly segments: readonly string[];
  /** Text after `?`, or "". */
  readonly search: string;
  readonly auth: Auth;
  /** UTF-8 text of the body, "" when there is none. */
  readonly body: string;
  /** Header by lower-case name. */
  header(name: string): string | undefined;
  /** Address that limits count against (socket, or X-Forwarded-For by PYLON_TRUST_PROXY_HOPS). */
  readonly remote: string;
}

/** An answer. `body` is sent as it is; JSON unless `headers` names another Content-Type. */
export interface Reply {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** Further headers, name and value by turns (the flat form of `writeHead`). */
  readonly headers?: readonly string[];
}

/** A feature's or the generated program's answer to a call; null: not mine. */
export type Handler = (call: Call) => Promise<Reply | null> | Reply | null;

/** The two headers that can say who is calling. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

/** Who is calling: `features/auth`. */
export interface Callers {
  /** At once where it can be. Throws `PylonError` for a credential that is refused, not for one that is unknown. */
  identify(credentials: Credentials): Auth | Promise<Auth>;
  /** Known by cookie alone, so a foreign page may have made the browser send it. */
  hasCookieCredential(credentials: Credentials): boolean;
}
