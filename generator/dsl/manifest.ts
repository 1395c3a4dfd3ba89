/** What is printed: dsl 1.3 in its key order, then our own keys. Reading it back is `1-load/manifest-shape.ts`. */
import type { Auth } from "./auth.ts";
import type { Definition } from "./extras.ts";
import type { Crdt, FieldDefault } from "./field.ts";
import type { CallInput, Route } from "./route.ts";

export type Compat = "off" | "0.3" | "0.11";

export interface ManifestField {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly unique: boolean;
  readonly crdt?: Crdt;
  readonly serverOnly?: boolean;
  readonly syncOmit?: boolean;
  readonly readonly?: boolean;
  readonly encrypted?: boolean;
  readonly default?: FieldDefault;
  readonly enumValues?: readonly string[];
  readonly readable?: string;
  readonly renamedFrom?: string;
}

export interface ManifestEntity {
  readonly name: string;
  readonly fields: readonly ManifestField[];
  readonly indexes: readonly {
    readonly name: string;
    readonly fields: readonly string[];
    readonly unique: boolean;
    readonly where?: string;
  }[];
  readonly relations?: readonly {
    readonly name: string;
    readonly target: string;
    readonly field: string;
    readonly many?: boolean;
  }[];
  readonly search?: {
    readonly text: readonly string[];
    readonly facets: readonly string[];
    readonly sortable: readonly string[];
    readonly language?: string;
  };
  readonly sync?: boolean;
  readonly sync_scope?: string;
  readonly sync_limit?: number;
  readonly crdt?: boolean;
  readonly renamedFrom?: string;
}

export interface ManifestPolicy {
  readonly name: string;
  readonly allow?: string;
  readonly allowRead?: string;
  readonly allowInsert?: string;
  readonly allowUpdate?: string;
  readonly allowDelete?: string;
  readonly allowWrite?: string;
  readonly entity?: string;
  readonly action?: string;
}

export interface ManifestCall {
  readonly name: string;
  readonly input?: readonly (Required<CallInput> & { readonly unique: false })[];
}

export interface AppManifest {
  readonly manifest_version: 1;
  readonly name: string;
  readonly version: string;
  readonly entities: readonly ManifestEntity[];
  readonly routes: readonly Route[];
  readonly queries: readonly ManifestCall[];
  readonly actions: readonly ManifestCall[];
  readonly policies: readonly ManifestPolicy[];
  readonly auth: Auth;
  readonly llm?: Definition;
  readonly connections?: readonly Definition[];
  readonly crons?: readonly Definition[];
  readonly fonts?: readonly Definition[];
  readonly requiredEnv?: readonly Definition[];
  readonly plugins?: readonly string[];
  readonly compat?: Compat;
}
