import { rowIds } from "../kernel/ids.ts";
import { type Auth, authOf } from "./auth.ts";
import { type Entity, type EntityDef, type EntityParts, entityOf } from "./entity.ts";
import { type Environment, platform } from "./environment.ts";
import { httpClient } from "./http.ts";
import { Optimistic } from "./optimistic.ts";
import { PushQueue } from "./push-queue.ts";
import type { Row } from "./query.ts";
import { type RemoteEntity, remoteOf } from "./remote.ts";
import { Replica } from "./replica.ts";
import { type SessionResult, SessionStore } from "./session.ts";
import { tokenKey } from "./storage.ts";
import { Sync, type SyncState } from "./sync.ts";

export interface ClientOptions {
  /** `https://host`; the page's own origin by default, and http://localhost:4321 outside a page. */
  readonly baseUrl?: string;
  /** Names the place of the session token in the storage. */
  readonly appName?: string;
  /** Delay before the first try to reconnect, at most; it doubles up to 30 s. Milliseconds. */
  readonly reconnectMs?: number;
  /** Parts of the world to replace: a test's clock, a storage, a `fetch`. */
  readonly environment?: Partial<Environment>;
}

/** Something to watch, in the form that `useSyncExternalStore` wants. */
export interface Watchable<T> {
  readonly read: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

export interface PylonClient {
  readonly auth: Auth;
  readonly session: Watchable<SessionResult>;
  /** `live`: connected and up to date. `offline`: trying again; rows stay in sight and writes wait. */
  readonly state: Watchable<SyncState>;
  /** Starts the sync; the first list, hook or write does it too. */
  start(): void;
  /** Ends the sync for good. Writes without an answer are rejected with `CLOSED`. */
  close(): void;
}

/** What generated code builds its client from. */
export interface ClientCore extends PylonClient {
  entity<R extends Row, Insert extends object, Patch extends object, Where extends object, Order extends object>(
    def: EntityDef<R, Insert>,
  ): Entity<R, Insert, Patch, Where, Order>;
  remote<R extends Row, Insert extends object, Patch extends object>(name: string): RemoteEntity<R, Insert, Patch>;
}

export function openClient(options: ClientOptions): ClientCore {
  const env: Environment = { ...platform(), ...options.environment };
  const baseUrl = (options.baseUrl ?? globalThis.location?.origin ?? "http://localhost:4321").replace(/\/+$/, "");
  const newId = rowIds(env.clock, env.random);
  const session = new SessionStore(env.storage, tokenKey(options.appName ?? "default"));
  const http = httpClient(baseUrl, env, session.token);
  const optimistic = new Optimistic();
  const replica = new Replica(optimistic);
  const queue = new PushQueue(http, replica, optimistic, newId);
  const sync = new Sync({ env, baseUrl, reconnectMs: options.reconnectMs ?? 1_000, http, replica, queue, session });
  const parts: EntityParts = { replica, queue, sync, session, newId, now: env.clock.now };
  return {
    auth: authOf(http, session, () => sync.restart()),
    session: { read: session.read, subscribe: session.subscribe },
    state: { read: sync.state, subscribe: sync.subscribe },
    start: () => sync.start(),
    close: () => sync.close(),
    entity: (def) => entityOf(parts, def),
    remote: (name) => remoteOf(http, name),
  };
}
