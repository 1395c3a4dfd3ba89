import type { RawEntity, RawManifest } from "../1-load/raw-manifest.ts";
import type { LoadResult } from "../1-load/result.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** Names shown per kind; more are counted. */
const NAMES_MAX = 4;

/** The one warning about everything that is accepted and kept, and that nothing answers for yet. */
export function notServedYet(loaded: LoadResult, manifest: RawManifest): Diagnostic[] {
  const fields = (pick: (field: RawEntity["fields"][number], entity: RawEntity) => boolean): string[] =>
    manifest.entities.flatMap((e) => e.fields.filter((f) => pick(f, e)).map((f) => `${e.name}.${f.name}`));
  const named = (list: readonly { readonly name: string }[]): string[] => list.map((item) => item.name);
  const parts: [string, readonly string[]][] = [
    ["functions", named(loaded.functions)],
    ["shards", named(loaded.shards)],
    ["search", named(manifest.entities.filter((e) => e.search !== undefined))],
    [
      "CRDT merging",
      fields((f, e) => e.crdt !== false && (f.crdt === undefined ? f.type === "richtext" : f.crdt !== "lww")),
    ],
    [
      "partial indexes",
      manifest.entities.flatMap((e) =>
        e.indexes.filter((i) => i.where !== undefined).map((i) => `${e.name}.${i.name}`),
      ),
    ],
    ["routes", manifest.routes.map((route) => route.path)],
    ["queries", named(manifest.queries)],
    ["actions", named(manifest.actions)],
    ["plugins", manifest.plugins ?? []],
    ["crons", namesOf(manifest.crons)],
    ["connections", namesOf(manifest.connections)],
    ["fonts", namesOf(manifest.fonts)],
    ["llm", manifest.llm === undefined ? [] : [""]],
    ["required variables", namesOf(manifest.requiredEnv)],
  ];
  const used = parts.filter(([, names]) => names.length > 0);
  if (used.length === 0) return [];
  const list = used.map(([kind, names]) => `${kind}${some(names)}`).join(", ");
  return [
    {
      code: "NOT_SERVED_YET",
      severity: "warning",
      message: `accepted, but not served yet: ${list}`,
      at: { key: "app" },
    },
  ];
}

const namesOf = (list: readonly unknown[] = []): string[] =>
  list.map((item) =>
    typeof item === "object" && item !== null && "name" in item && typeof item.name === "string" ? item.name : "",
  );

function some(names: readonly string[]): string {
  const known = names.filter((name) => name !== "");
  if (known.length === 0) return names.length > 1 ? ` (${names.length})` : "";
  const more = names.length - Math.min(known.length, NAMES_MAX);
  return ` (${known.slice(0, NAMES_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""})`;
}
