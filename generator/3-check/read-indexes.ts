import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr, EntityIr } from "../ir/app.ts";
import { diagnose } from "./diagnose.ts";
import { type IndexNeed, indexNeeds } from "./index-needs.ts";

/** INDEX_MISSING: a rule becomes the WHERE of every list, or a look-up beside it, so what it compares must be indexed. */
export function checkReadIndexes(ir: AppIr): Diagnostic[] {
  const entities = new Map(ir.entities.map((entity) => [entity.name, entity]));
  const missing = new Map<string, IndexNeed>();
  for (const need of indexNeeds(ir)) {
    const indexed = indexedOf(entities.get(need.entity));
    if (need.starts.some((field) => indexed.has(field))) continue;
    // A longer index that starts alike serves both.
    const key = `${need.entity}.${need.fields[0]}`;
    if ((missing.get(key)?.fields.length ?? 0) < need.fields.length) missing.set(key, need);
  }
  return ir.entities.flatMap((entity) =>
    entity.fields.flatMap((field) => {
      const need = missing.get(`${entity.name}.${field.name}`);
      if (need === undefined) return [];
      const fields = need.fields.filter((name) => entity.fields.some((other) => other.name === name));
      const index = `{ name: "${freeName(entity, fields)}", fields: [${fields.map((name) => `"${name}"`).join(", ")}], unique: false }`;
      const hint = `add to ${entity.name}: indexes: [${index}]`;
      return [diagnose("INDEX_MISSING", need.why(field.name), field.origin.key, { hint })];
    }),
  );
}

/** What an index starts with; an entity that is not there is reported where it is named. */
const indexedOf = (entity: EntityIr | undefined): ReadonlySet<string | undefined> =>
  new Set([
    "id",
    ...(entity?.indexes.map((index) => index.fields[0]) ?? []),
    ...(entity?.fields.filter((field) => field.unique).map((field) => field.name) ?? []),
  ]);

/** `userId` → `by_user`; another index may have that name already. */
function freeName(entity: EntityIr, fields: readonly string[]): string {
  const words = fields.map((field) =>
    field
      .replace(/_?[iI]d$/, "")
      .replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
      .replace(/^_+/, ""),
  );
  const name = `by_${words.join("_")}`;
  const taken = new Set(entity.indexes.map((index) => index.name.toLowerCase()));
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
  return free;
}
