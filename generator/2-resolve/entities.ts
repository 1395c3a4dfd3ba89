import type { RawEntity, RawManifest } from "../1-load/raw-manifest.ts";
import type { EntityIr } from "../ir/app.ts";
import { ownerFieldOf, resolveFields, tenantFieldOf } from "./fields.ts";
import { resolveIndexes } from "./indexes.ts";
import { fileBase } from "./names.ts";
import { resolveRules } from "./policies.ts";
import { resolveRelations } from "./relations.ts";
import { resolveSync } from "./sync.ts";
import type { WrittenRules } from "./written-rules.ts";

export function resolveEntity(entity: RawEntity, manifest: RawManifest, rules: WrittenRules): EntityIr {
  const fields = resolveFields(entity, manifest, rules);
  return {
    name: entity.name,
    table: entity.name,
    file: fileBase(entity.name),
    fields,
    indexes: resolveIndexes(entity),
    relations: resolveRelations(entity),
    rules: resolveRules(entity.name, manifest, rules),
    tenantField: tenantFieldOf(fields),
    ownerField: ownerFieldOf(fields),
    sync: resolveSync(entity, rules),
    renamedFrom: entity.renamedFrom ?? null,
    origin: { key: `entity:${entity.name}` },
  };
}
