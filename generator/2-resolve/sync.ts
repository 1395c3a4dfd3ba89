import type { RawEntity } from "../1-load/raw-manifest.ts";
import type { SyncIr } from "../ir/app.ts";
import type { WrittenRules } from "./written-rules.ts";

export function resolveSync(entity: RawEntity, rules: WrittenRules): SyncIr {
  if (entity.sync === false) return { kind: "none" };
  if (entity.sync_scope === undefined && entity.sync_limit === undefined) return { kind: "all" };
  const rule = entity.sync_scope === undefined ? null : rules.rule(`sync:${entity.name}`, entity.sync_scope);
  return { kind: "scope", rule, limit: entity.sync_limit ?? null };
}
