/** Every key that a manifest may have (dsl 1.3, then our own). The types are those of what we print, so that none is forgotten. */
import type { Auth } from "../dsl/auth.ts";
import type { AppManifest, ManifestCall, ManifestEntity, ManifestField, ManifestPolicy } from "../dsl/manifest.ts";
import type { Route } from "../dsl/route.ts";
import type { KeysOf } from "../dsl/strays.ts";

type Item<L> = L extends readonly (infer T)[] ? T : never;
type Present<T> = Exclude<T, undefined>;

export const ROOT: KeysOf<AppManifest> = {
  manifest_version: true,
  name: true,
  version: true,
  entities: true,
  routes: true,
  queries: true,
  actions: true,
  policies: true,
  auth: true,
  llm: true,
  connections: true,
  crons: true,
  fonts: true,
  requiredEnv: true,
  plugins: true,
  compat: true,
};

export const ENTITY: KeysOf<ManifestEntity> = {
  name: true,
  fields: true,
  indexes: true,
  relations: true,
  search: true,
  sync: true,
  sync_scope: true,
  sync_limit: true,
  crdt: true,
  renamedFrom: true,
};

export const FIELD: KeysOf<ManifestField> = {
  name: true,
  type: true,
  optional: true,
  unique: true,
  crdt: true,
  serverOnly: true,
  syncOmit: true,
  readonly: true,
  encrypted: true,
  default: true,
  enumValues: true,
  readable: true,
  renamedFrom: true,
};

export const INDEX: KeysOf<Item<ManifestEntity["indexes"]>> = { name: true, fields: true, unique: true, where: true };

export const RELATION: KeysOf<Item<Present<ManifestEntity["relations"]>>> = {
  name: true,
  target: true,
  field: true,
  many: true,
};

export const SEARCH: KeysOf<Present<ManifestEntity["search"]>> = {
  text: true,
  facets: true,
  sortable: true,
  language: true,
};

export const ROUTE: KeysOf<Route> = {
  path: true,
  mode: true,
  query: true,
  auth: true,
  component: true,
  layouts: true,
  kind: true,
};

export const CALL: KeysOf<ManifestCall> = { name: true, input: true };

export const INPUT: KeysOf<Item<Present<ManifestCall["input"]>>> = {
  name: true,
  type: true,
  optional: true,
  unique: true,
};

export const POLICY: KeysOf<ManifestPolicy> = {
  name: true,
  allow: true,
  allowRead: true,
  allowInsert: true,
  allowUpdate: true,
  allowDelete: true,
  allowWrite: true,
  entity: true,
  action: true,
};

export const AUTH: KeysOf<Auth> = { user: true, session: true, trusted_origins: true };
export const USER: KeysOf<Auth["user"]> = { entity: true, expose: true, hide: true };
export const SESSION: KeysOf<Auth["session"]> = { expires_in: true, cookie_cache: true };
export const COOKIE_CACHE: KeysOf<Auth["session"]["cookie_cache"]> = { enabled: true, max_age: true, claims: true };
