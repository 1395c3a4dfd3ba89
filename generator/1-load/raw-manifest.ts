/**
 * What `app.ts` said, after the shape check of `manifest-shape.ts`: dsl 1.3, plus our own keys (`manifest-keys.ts`). Unknown keys are
 * kept here and reported beside it; the original ignores them anywhere.
 */
export interface RawManifest {
  readonly manifest_version: number;
  readonly name: string;
  readonly version: string;
  readonly entities: readonly RawEntity[];
  readonly routes: readonly RawRoute[];
  readonly queries: readonly RawCall[];
  readonly actions: readonly RawCall[];
  readonly policies: readonly RawPolicy[];
  /** Defaults are filled, whether or not the app said anything. */
  readonly auth: RawAuth;
  readonly llm?: unknown;
  readonly connections?: readonly unknown[];
  readonly crons?: readonly unknown[];
  readonly fonts?: readonly unknown[];
  readonly requiredEnv?: readonly unknown[];
  /** Names of plugins given to the app. */
  readonly plugins?: readonly string[];
  /** Ours (D7): present only when the app says it. */
  readonly compat?: Compat;
  readonly [unknownKey: string]: unknown;
}

export type Compat = "off" | "0.3" | "0.11";

export interface RawEntity {
  readonly name: string;
  readonly fields: readonly RawField[];
  readonly indexes: readonly RawIndex[];
  readonly relations: readonly RawRelation[];
  readonly search?: RawSearch;
  /** `false` keeps the entity out of sync. */
  readonly sync?: boolean;
  readonly sync_scope?: string;
  readonly sync_limit?: number;
  /** `false` switches CRDT off for the entity. */
  readonly crdt?: boolean;
  readonly renamedFrom?: string;
  readonly [unknownKey: string]: unknown;
}

export interface RawField {
  readonly name: string;
  /** `string`, `id(User)`, `vector(3)` … as written: it may be unknown. */
  readonly type: string;
  readonly optional: boolean;
  readonly unique: boolean;
  readonly crdt?: RawCrdt;
  readonly serverOnly?: boolean;
  readonly syncOmit?: boolean;
  readonly readonly?: boolean;
  readonly encrypted?: boolean;
  readonly default?: RawDefault;
  readonly enumValues?: readonly string[];
  /** Ours: the field's own read rule (D26). */
  readonly readable?: RawRule;
  readonly renamedFrom?: string;
  readonly [unknownKey: string]: unknown;
}

export type RawCrdt = "lww" | "text" | "counter" | "list" | "movable-list" | "tree";

/** `"now"` on a datetime field is `.defaultNow()`; on any other type it is the text. */
export type RawDefault = string | number | boolean | { readonly $auth: string };

/**
 * A rule: text of the policy language, or `""` when it was written as an arrow. An arrow's expression is in `LoadResult.arrows` under
 * the key of its origin (`policy:postRead.allowRead`, `readable:Post.draft`, `sync:Post`).
 */
export type RawRule = string;

export interface RawIndex {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  readonly where?: string;
  readonly [unknownKey: string]: unknown;
}

export interface RawRelation {
  readonly name: string;
  readonly target: string;
  readonly field: string;
  readonly many: boolean;
  readonly [unknownKey: string]: unknown;
}

export interface RawSearch {
  readonly text: readonly string[];
  readonly facets: readonly string[];
  readonly sortable: readonly string[];
  readonly language?: string;
}

export interface RawRoute {
  readonly path: string;
  readonly mode: string;
  readonly query?: string;
  readonly auth?: string;
  readonly [unknownKey: string]: unknown;
}

/** A declared query or action. */
export interface RawCall {
  readonly name: string;
  readonly input: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  readonly [unknownKey: string]: unknown;
}

export const POLICY_OPERATIONS = [
  "allow",
  "allowRead",
  "allowInsert",
  "allowUpdate",
  "allowDelete",
  "allowWrite",
] as const;
export type PolicyOperation = (typeof POLICY_OPERATIONS)[number];

export type RawPolicy = {
  /** Filled when the app left it out: `<entity or action, lower-cased>_p<index>` (index counts all policies from 0). */
  readonly name: string;
  readonly entity?: string;
  readonly action?: string;
} & { readonly [O in PolicyOperation]?: RawRule };

export interface RawAuth {
  readonly user: { readonly entity: string; readonly expose: readonly string[]; readonly hide: readonly string[] };
  readonly session: {
    /** Seconds. */
    readonly expires_in: number;
    readonly cookie_cache: { readonly enabled: boolean; readonly max_age: number; readonly claims: readonly string[] };
  };
  readonly trusted_origins: readonly string[];
}
