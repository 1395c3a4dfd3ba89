import type { RawEntity } from "../1-load/raw-manifest.ts";
import type { RelationIr } from "../ir/app.ts";

export const resolveRelations = (entity: RawEntity): RelationIr[] =>
  entity.relations.map(({ name, target, field, many }) => ({
    name,
    target,
    field,
    many,
    origin: { key: `relation:${entity.name}.${name}` },
  }));
