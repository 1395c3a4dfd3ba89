import type { Entity, ListResult, OneResult, Query, Row } from "../client/index.ts";
import { useListOf, useOneOf } from "./hooks.ts";

type Functions = "list" | "get" | "insert" | "update" | "remove" | "subscribe";

/** An entity with hooks beside its functions. */
export interface EntityHooks<R extends Row, Insert, Patch, Where, Order>
  extends Pick<Entity<R, Insert, Patch, Where, Order>, Functions> {
  useList(query?: Query<Where, Order>): ListResult<R>;
  useOne(id: string): OneResult<R>;
}

/** `entity` is asked at each use, because the client is made at the first one. */
export function entityHooks<R extends Row, Insert, Patch, Where, Order>(
  entity: () => Entity<R, Insert, Patch, Where, Order>,
): EntityHooks<R, Insert, Patch, Where, Order> {
  return {
    useList: (query) => useListOf(entity(), query),
    useOne: (id) => useOneOf(entity(), id),
    list: (query) => entity().list(query),
    get: (id) => entity().get(id),
    insert: (values) => entity().insert(values),
    update: (id, patch) => entity().update(id, patch),
    remove: (id) => entity().remove(id),
    subscribe: (query, listener) => entity().subscribe(query, listener),
  };
}
