/** The resolved app: every name linked, every default filled. Plain data; all emitters read it and nothing else. */
import type { Expr } from "../policy/expr.ts";
import type { Origin } from "./origin.ts";

export interface AppIr {
  readonly name: string;
  readonly version: string;
  /** "off" unless the app imports the original packages or says so (architecture D7). */
  readonly compat: "off" | "0.3" | "0.11";
  /** In declaration order. */
  readonly entities: readonly EntityIr[];
  readonly auth: AuthIr;
  /** The canonical manifest (dsl 1.3 key order), with policy strings; what manifest.json prints. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Whether `web/index.html` exists, so a page is bundled and served at `/`. */
  readonly hasPage: boolean;
}

export interface AuthIr {
  readonly userEntity: string;
  /** The entity of `userEntity` exists in the app, so password sign-in can make rows of it. */
  readonly hasUserEntity: boolean;
  readonly expose: readonly string[];
  readonly hide: readonly string[];
  readonly sessionSeconds: number;
  readonly trustedOrigins: readonly string[];
  readonly cookieName: string;
}

export interface EntityIr {
  readonly name: string;
  /** SQL table name, unquoted (= name). */
  readonly table: string;
  /** Base name of generated files and prefix of identifiers: `Todo` → `todo`, unique without regard to case. */
  readonly file: string;
  /** Without the implicit `id`. In declaration order. */
  readonly fields: readonly FieldIr[];
  readonly indexes: readonly IndexIr[];
  readonly relations: readonly RelationIr[];
  /** The rules of each operation, ANDed; null: nothing covers it, so it is denied (or allowed under compat "0.3"). */
  readonly rules: Readonly<Record<Operation, RuleIr | null>>;
  /** Name of the tenant column (`tenantId` or `tenant_id`), stamped and enforced on writes; null without. */
  readonly tenantField: string | null;
  /** Name of the field marked `.owner()`, or null. */
  readonly ownerField: string | null;
  readonly sync: SyncIr;
  readonly renamedFrom: string | null;
  readonly origin: Origin;
}

export type Operation = "read" | "insert" | "update" | "delete";

export type FieldType =
  | { readonly kind: "string"; readonly values: readonly string[] | null }
  | { readonly kind: "int" | "float" | "bool" | "datetime" | "richtext" | "json" }
  | { readonly kind: "id"; readonly target: string }
  | { readonly kind: "vector"; readonly size: number };

export type DefaultIr =
  | { readonly kind: "value"; readonly value: string | number | boolean }
  | { readonly kind: "now" }
  | { readonly kind: "userId" };

export interface FieldIr {
  readonly name: string;
  readonly type: FieldType;
  readonly optional: boolean;
  readonly unique: boolean;
  readonly default: DefaultIr | null;
  /** Entity routes refuse to set it (`READONLY_FIELD`). */
  readonly readonly: boolean;
  /** Never sent to a client (`.serverOnly()`, vectors, `auth.user.hide`, and hidden columns). */
  readonly serverOnly: boolean;
  /** `passwordHash` and `_…`: also refused in writes, as if they did not exist. */
  readonly hidden: boolean;
  readonly syncOmit: boolean;
  readonly encrypted: boolean;
  /** The field's own read rule: who may not read it gets null. */
  readonly readable: RuleIr | null;
  readonly crdt: string | null;
  readonly renamedFrom: string | null;
  readonly origin: Origin;
}

export interface IndexIr {
  readonly name: string;
  /** SQL name, unquoted: `<Entity>_<name>`. */
  readonly sqlName: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  readonly origin: Origin;
}

export interface RelationIr {
  readonly name: string;
  readonly target: string;
  readonly field: string;
  readonly many: boolean;
  readonly origin: Origin;
}

export type SyncIr =
  | { readonly kind: "all" }
  | { readonly kind: "none" }
  | { readonly kind: "scope"; readonly rule: RuleIr | null; readonly limit: number | null };

/** One access rule, parsed and checked against the schema. `source` is its text for people (ANDed rules are joined by ` && `). */
export interface RuleIr {
  readonly source: string;
  readonly expr: Expr;
  /** Names of the policies it came from, for comments. */
  readonly policies: readonly string[];
  readonly origin: Origin;
}
