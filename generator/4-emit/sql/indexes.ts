import type { EntityIr } from "../../ir/app.ts";

/** An index as SQL has it. */
export interface SqlIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** Where it comes from, for the comment in the DDL. */
  readonly origin: string;
}

/**
 * Declared indexes, and one for each relation column that no index leads with (as the original makes them). `id` ends every index that is
 * not unique, so that pages in id order come out of it without sorting.
 */
export function sqlIndexes(entity: EntityIr): readonly SqlIndex[] {
  const declared = entity.indexes.map((index) => ({
    name: index.sqlName,
    columns: index.unique ? index.fields : [...index.fields, "id"],
    unique: index.unique,
    origin: `${entity.name}.${index.name}`,
  }));
  const led = new Set([...declared.map((index) => index.columns[0]), ...uniqueFields(entity)]);
  const related = entity.relations
    .filter((relation) => !relation.many && !led.has(relation.field) && hasField(entity, relation.field))
    .map((relation) => relation.field);
  return [
    ...declared,
    ...[...new Set(related)].map((field) => ({
      name: `${entity.name}_rel_${field}`,
      columns: [field, "id"],
      unique: false,
      origin: `relation over ${entity.name}.${field}`,
    })),
  ];
}

const uniqueFields = (entity: EntityIr) => entity.fields.filter((field) => field.unique).map((field) => field.name);
const hasField = (entity: EntityIr, name: string) => entity.fields.some((field) => field.name === name);

/** Whether a statement that compares `keys` for equality is served by an index (one that starts with one of them). */
export const isIndexed = (entity: EntityIr, keys: readonly string[]): boolean =>
  keys.includes("id") ||
  keys.some(
    (key) => uniqueFields(entity).includes(key) || sqlIndexes(entity).some((index) => index.columns[0] === key),
  );
