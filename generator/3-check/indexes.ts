import { nthKey } from "../2-resolve/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { AppIr, EntityIr, IndexIr } from "../ir/app.ts";
import { diagnose, repeats } from "./diagnose.ts";

export function checkIndexes(ir: AppIr): Diagnostic[] {
  const found = ir.entities.flatMap((entity) => [
    ...entity.indexes.flatMap((index) => checkIndex(entity, index)),
    ...repeats(entity.indexes, (index) => index.name).map(({ item, first, nth }) =>
      diagnose(
        "INDEX_NAME_DUPLICATE",
        `${entity.name} has two indexes \`${item.name}\``,
        nthKey(item.origin.key, nth),
        {
          label: "again here",
          related: [{ at: first.origin, message: "first here" }],
        },
      ),
    ),
  ]);
  return [...found, ...checkSqlNames(ir)];
}

function checkIndex(entity: EntityIr, { name, fields, origin }: IndexIr): Diagnostic[] {
  if (name === "") return [diagnose("INDEX_NAME_EMPTY", `an index of ${entity.name} has no name`, origin.key)];
  if (fields.length === 0)
    return [diagnose("INDEX_FIELDS_EMPTY", `the index \`${name}\` of ${entity.name} names no field`, origin.key)];
  const names = entity.fields.map((field) => field.name);
  return fields.flatMap((field, at) => {
    if (names.includes(field)) return [];
    const meant = entity.fields.find((f) => f.name === suggest(field, names));
    return [
      diagnose("INDEX_FIELD_NOT_FOUND", `${entity.name} has no field \`${field}\``, `${origin.key}#fields.${at}`, {
        label: `not declared on ${entity.name}`,
        hint: field === "id" ? "`id` is always indexed" : meant && `did you mean \`${meant.name}\`?`,
        related: meant && [{ at: meant.origin, message: "" }],
      }),
    ];
  });
}

/** Tables and indexes of a database share one name space, in which case does not count. */
function checkSqlNames(ir: AppIr): Diagnostic[] {
  const names = [
    ...ir.entities.map((entity) => ({ sql: entity.table, key: entity.origin.key, what: entity.name })),
    ...ir.entities.flatMap((entity) =>
      // Repeated names within one entity have been reported as such.
      [...new Map(entity.indexes.map((index) => [index.sqlName, index])).values()].map((index) => ({
        sql: index.sqlName,
        key: `${index.origin.key}#name`,
        what: `${entity.name}.${index.name}`,
      })),
    ),
  ];
  return repeats(names, (name) => name.sql.toLowerCase()).flatMap(({ item, first }) =>
    ir.entities.some((entity) => entity.origin.key === item.key) || item.what === first.what
      ? []
      : [
          diagnose("INDEX_NAME_CLASH", `${item.what} and ${first.what} are both \`${item.sql}\` in SQL`, item.key, {
            related: [{ at: { key: first.key }, message: "the other" }],
          }),
        ],
  );
}
