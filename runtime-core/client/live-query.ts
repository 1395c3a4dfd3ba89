import type { PylonClientError } from "./errors.ts";
import type { Row } from "./query.ts";
import type { Replica } from "./replica.ts";

/** `data` is the same array as long as no row in it changed. `loading` ends with the first pull or its failure, also for an empty entity. */
export interface ListResult<R> {
  readonly data: readonly R[];
  readonly loading: boolean;
  readonly error: PylonClientError | null;
}

export interface OneResult<R> {
  /** Null while loading, and when there is no such row or the caller may not read it. */
  readonly data: R | null;
  readonly loading: boolean;
  readonly error: PylonClientError | null;
}

/** Something of the replica to watch, as `useSyncExternalStore` wants it: `read` gives the same object until the result changes. */
export interface Live<Result> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => Result;
}

export function liveList<R extends Row>(
  replica: Replica,
  entity: string,
  select: (rows: Iterable<R>) => R[],
): Live<ListResult<R>> {
  return live(replica, entity, (old) => {
    const rows = select(replica.rows(entity) as Iterable<R>);
    return old !== null && sameRows(old, rows) ? old : rows;
  });
}

export function liveOne<R extends Row>(replica: Replica, entity: string, id: string): Live<OneResult<R>> {
  return live(replica, entity, () => replica.row(entity, id) as R | null);
}

function live<T>(replica: Replica, entity: string, compute: (old: T | null) => T) {
  let seen = -1;
  let result: { data: T; loading: boolean; error: PylonClientError | null } | null = null;
  return {
    subscribe: (listener: () => void) => replica.subscribe(entity, listener),
    read: () => {
      if (result !== null && replica.version(entity) === seen) return result;
      seen = replica.version(entity);
      const { ready, error } = replica.status;
      const data = compute(result?.data ?? null);
      const loading = !ready && error === null;
      if (result === null || result.data !== data || result.loading !== loading || result.error !== error)
        result = { data, loading, error };
      return result;
    },
  };
}

const sameRows = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((row, i) => row === b[i]);
