import type { RawEntity, RawField, RawManifest } from "../../../generator/1-load/raw-manifest.ts";
import type { LoadResult } from "../../../generator/1-load/result.ts";

export const rawField = (name: string, type: string, more: Partial<RawField> = {}): RawField => ({
  name,
  type,
  optional: false,
  unique: false,
  ...more,
});

/** Fields as `title: "string"`, with `?` behind the type of an optional one. */
export const rawEntity = (name: string, fields: Record<string, string>, more: Partial<RawEntity> = {}): RawEntity => ({
  name,
  fields: Object.entries(fields).map(([field, type]) =>
    rawField(field, type.replace(/\?$/, ""), { optional: type.endsWith("?") }),
  ),
  indexes: [],
  relations: [],
  ...more,
});

export function loadedWith(manifest: Partial<RawManifest>, more: Partial<LoadResult> = {}): LoadResult {
  return {
    appDir: "/app",
    appFile: "/app/app.ts",
    manifest: {
      manifest_version: 1,
      name: "demo",
      version: "0.1.0",
      entities: [],
      routes: [],
      queries: [],
      actions: [],
      policies: [],
      auth: {
        user: { entity: "User", expose: [], hide: [] },
        session: {
          expires_in: 2_592_000,
          cookie_cache: { enabled: false, max_age: 300, claims: ["is_admin", "tenant_id"] },
        },
        trusted_origins: [],
      },
      ...manifest,
    },
    usesOriginalPackages: false,
    compat: null,
    arrows: new Map(),
    functions: [],
    shards: [],
    hasPage: false,
    inputs: [],
    envRead: {},
    diagnostics: [],
    locate: () => null,
    ...more,
  };
}
