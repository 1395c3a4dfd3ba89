/** `pylon/client`: what generated clients are made of. Browser-safe; no dependency. */
export type { Auth, Credentials } from "./auth.ts";
export { type ClientCore, type ClientOptions, openClient, type PylonClient, type Watchable } from "./client.ts";
export type { Entity, EntityDef, Stamp } from "./entity.ts";
export type { After, Environment } from "./environment.ts";
export { PylonClientError } from "./errors.ts";
export type { ListResult, Live, OneResult } from "./live-query.ts";
export type { BoolFilter, DateFilter, Direction, NumberFilter, Query, Row, TextFilter } from "./query.ts";
export type { RemoteEntity } from "./remote.ts";
export type { Session, SessionResult } from "./session.ts";
export { type KeyValue, memoryStorage } from "./storage.ts";
export type { SyncState } from "./sync.ts";
