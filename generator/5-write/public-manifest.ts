type Json = Readonly<Record<string, unknown>>;

/** What anyone may know of the app (H-MANIFEST); plugins, connections and environment are the admin's. */
const PUBLIC_KEYS = [
  "manifest_version",
  "name",
  "version",
  "entities",
  "routes",
  "queries",
  "actions",
  "policies",
  "auth",
];

/** Members of entities and fields that hold a rule. */
const RULES = ["sync_scope", "readable"];

/** What anyone gets from `/api/manifest`: the app without any rule. */
export const publicManifest = (manifest: Json): Json => ({
  ...pick(manifest, PUBLIC_KEYS),
  entities: list(manifest.entities).map((entity) => ({
    ...omit(entity, RULES),
    fields: list(entity.fields).map((field) => omit(field, RULES)),
  })),
  policies: list(manifest.policies).map((policy) => pick(policy, ["name", "entity", "action"])),
});

/** The manifest is plain data by the time it is here; its shape is `canonicalManifest`'s. */
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const pick = (from: Json, keys: readonly string[]): Json => filter(from, (key) => keys.includes(key));
const omit = (from: Json, keys: readonly string[]): Json => filter(from, (key) => !keys.includes(key));
const filter = (from: Json, keep: (key: string) => boolean): Json =>
  Object.fromEntries(Object.entries(from).filter(([key]) => keep(key)));
