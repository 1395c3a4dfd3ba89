import { datetimeOf, printDatetime } from "../kernel/datetime.ts";
import { asClientError, type PylonClientError } from "./errors.ts";
import { type ListResult, type Live, liveList, liveOne, type OneResult } from "./live-query.ts";
import type { PushQueue } from "./push-queue.ts";
import { compileQuery, type Query, type Row } from "./query.ts";
import type { Replica } from "./replica.ts";
import type { SessionStore } from "./session.ts";
import type { Sync } from "./sync.ts";

/** What the server stamps on a new row, as far as the client can tell. */
export interface Stamp {
  /** "" when nobody is signed in, or without a tenant: the server will refuse such a row. */
  readonly userId: string;
  readonly tenantId: string;
  /** RFC 3339, as the server prints it. */
  readonly now: string;
}

/** What the generated client knows of an entity. */
export interface EntityDef<R extends Row, Insert> {
  readonly name: string;
  readonly datetimes: readonly string[];
  /** The row as it will be, defaults filled in, to show until the server has answered. */
  readonly row: (id: string, values: Insert, stamp: Stamp) => R;
}

/** The rows of one entity that this caller may see, live, and writes to them, which show at once. */
export interface Entity<R extends Row, Insert, Patch, Where, Order> {
  readonly name: string;
  list(query?: Query<Where, Order>): Promise<readonly R[]>;
  get(id: string): Promise<R | null>;
  /** The new row, once the server has taken it. Its id is made here. */
  insert(values: Insert): Promise<R>;
  update(id: string, patch: Patch): Promise<void>;
  remove(id: string): Promise<void>;
  /** Calls `listener` now and after each change of the result; the returned function ends it. */
  subscribe(query: Query<Where, Order>, listener: (result: ListResult<R>) => void): () => void;
  liveList(query?: Query<Where, Order>): Live<ListResult<R>>;
  liveOne(id: string): Live<OneResult<R>>;
}

export interface EntityParts {
  readonly replica: Replica;
  readonly queue: PushQueue;
  readonly sync: Sync;
  readonly session: SessionStore;
  readonly newId: () => string;
  readonly now: () => number;
}

export function entityOf<
  R extends Row,
  Insert extends object,
  Patch extends object,
  Where extends object,
  Order extends object,
>(parts: EntityParts, def: EntityDef<R, Insert>): Entity<R, Insert, Patch, Where, Order> {
  const { replica, queue, sync } = parts;
  const { name } = def;
  const started = <T>(live: Live<T>): Live<T> => ({
    read: live.read,
    subscribe: (listener) => {
      const stop = live.subscribe(listener);
      sync.start();
      return stop;
    },
  });
  const write = (kind: "insert" | "update" | "delete", rowId: string, shown: object, body?: object): Promise<void> => {
    const change = { entity: name, rowId, kind, data: shown as Record<string, unknown>, seq: null };
    const answered = queue.add(change, body as Record<string, unknown> | undefined);
    void sync.flush();
    return answered;
  };
  const entity: Entity<R, Insert, Patch, Where, Order> = {
    name,
    list: async (query = {}) => (await settled(entity.liveList(query))).data,
    get: async (id) => (await settled(entity.liveOne(id))).data,
    async insert(values) {
      const given = (values as { readonly id?: string }).id;
      const id = given ?? parts.newId();
      const row = def.row(id, values, stampOf(parts));
      await write("insert", id, row, { ...values, id });
      return (replica.row(name, id) as R | null) ?? row;
    },
    update: (id, patch) => write("update", id, patch, patch),
    remove: (id) => write("delete", id, {}),
    subscribe(query, listener) {
      const live = entity.liveList(query);
      let last: ListResult<R> | null = null;
      const tell = () => {
        const result = live.read();
        if (result === last) return;
        last = result;
        listener(result);
      };
      const stop = live.subscribe(tell);
      tell();
      return stop;
    },
    liveList: (query = {}) => started(liveList<R>(replica, name, compileQuery<R>(query, def.datetimes))),
    liveOne: (id) => started(liveOne<R>(replica, name, id)),
  };
  return entity;
}

/** The first result that is not loading. */
function settled<T extends { readonly loading: boolean; readonly error: PylonClientError | null }>(
  live: Live<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | null = null;
    const look = () => {
      const result = live.read();
      if (result.loading) return;
      stop?.();
      if (result.error !== null) reject(asClientError(result.error));
      else resolve(result);
    };
    stop = live.subscribe(look);
    look();
  });
}

function stampOf({ session, now }: EntityParts): Stamp {
  const { userId, tenantId } = session.read().session;
  return { userId: userId ?? "", tenantId: tenantId ?? "", now: printDatetime(datetimeOf(now())) };
}
