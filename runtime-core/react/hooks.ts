import { useMemo, useSyncExternalStore } from "react";
import type {
  Entity,
  ListResult,
  OneResult,
  PylonClient,
  Query,
  Row,
  SessionResult,
  SyncState,
} from "../client/index.ts";

/** The rows that fit, live. The query may be written in place: what counts is its content. */
export function useListOf<R extends Row, Insert, Patch, Where, Order>(
  entity: Entity<R, Insert, Patch, Where, Order>,
  query: Query<Where, Order> = {},
): ListResult<R> {
  const key = JSON.stringify(query);
  const live = useMemo(() => entity.liveList(JSON.parse(key) as Query<Where, Order>), [entity, key]);
  return useSyncExternalStore(live.subscribe, live.read, live.read);
}

/** The row with this id, live. */
export function useOneOf<R extends Row, Insert, Patch, Where, Order>(
  entity: Entity<R, Insert, Patch, Where, Order>,
  id: string,
): OneResult<R> {
  const live = useMemo(() => entity.liveOne(id), [entity, id]);
  return useSyncExternalStore(live.subscribe, live.read, live.read);
}

/** Who is signed in. */
export function useSessionOf(client: PylonClient): SessionResult {
  const { subscribe, read } = useMemo(() => startedSession(client), [client]);
  return useSyncExternalStore(subscribe, read, read);
}

/** Whether the page is connected. */
export function useStateOf(client: PylonClient): SyncState {
  return useSyncExternalStore(client.state.subscribe, client.state.read, client.state.read);
}

/** Only the sync asks who is calling, so a component that watches the session starts it. */
const startedSession = (client: PylonClient): PylonClient["session"] => ({
  read: client.session.read,
  subscribe: (listener) => {
    const stop = client.session.subscribe(listener);
    client.start();
    return stop;
  },
});
