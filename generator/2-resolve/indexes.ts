import type { RawEntity } from "../1-load/raw-manifest.ts";
import type { IndexIr } from "../ir/app.ts";
import { indexSqlName } from "./names.ts";

/**
 * An index with a `where` is made over all rows: that serves the same reads. It cannot be unique then, since rows outside the
 * condition may repeat a value; NOT_SERVED_YET names it.
 */
export const resolveIndexes = (entity: RawEntity): IndexIr[] =>
  entity.indexes.map((index) => ({
    name: index.name,
    sqlName: indexSqlName(entity.name, index.name),
    fields: index.fields,
    unique: index.unique && index.where === undefined,
    origin: { key: `index:${entity.name}.${index.name}` },
  }));
