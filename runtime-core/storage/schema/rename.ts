import { quote } from "../../sql/ident.ts";
import type { LiveSchema, LiveTable, SchemaDef, Step, TableDef } from "./schema.ts";

/**
 * Tables and columns that only have another name (`renamedFrom`). A rename is done where the old name exists and the new one
 * does not, so a schema may keep saying it for ever. Gives the steps and the schema as it is after them.
 */
export function renames(live: LiveSchema, wanted: SchemaDef): { steps: Step[]; live: LiveSchema } {
  const steps: Step[] = [];
  const after = new Map(live);
  for (const table of wanted.tables) {
    const from = table.renamedFrom;
    const old = from == null ? undefined : after.get(from);
    if (from != null && old !== undefined && !after.has(table.name)) {
      const sql = `ALTER TABLE ${quote(from)} RENAME TO ${quote(table.name)}`;
      steps.push({ sql, what: `table ${from} → ${table.name}` });
      after.delete(from);
      after.set(table.name, old);
    }
    const existing = after.get(table.name);
    if (existing !== undefined) after.set(table.name, renameColumns(table, existing, steps));
  }
  return { steps, live: after };
}

function renameColumns(wanted: TableDef, live: LiveTable, steps: Step[]): LiveTable {
  const names = new Map<string, string>();
  const has = (name: string): boolean => live.columns.some((column) => column.name === name);
  for (const { name, renamedFrom } of wanted.columns) {
    if (renamedFrom == null || !has(renamedFrom) || has(name)) continue;
    const sql = `ALTER TABLE ${quote(wanted.name)} RENAME COLUMN ${quote(renamedFrom)} TO ${quote(name)}`;
    steps.push({ sql, what: `column ${wanted.name}.${renamedFrom} → ${name}` });
    names.set(renamedFrom, name);
  }
  const renamed = (name: string): string => names.get(name) ?? name;
  return {
    columns: live.columns.map((column) => ({ ...column, name: renamed(column.name) })),
    indexes: live.indexes.map((index) => ({ ...index, columns: index.columns.map(renamed) })),
  };
}
