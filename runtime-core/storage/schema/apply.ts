import { PylonError } from "../../kernel/errors.ts";
import type { Dialect } from "../../sql/dialect.ts";
import type { Database, WriteUnit } from "../ports.ts";
import { diffSchema } from "./diff.ts";
import { printStep, tellStep } from "./print.ts";
import type { SchemaDef, Step } from "./schema.ts";

export interface ApplyOptions {
  readonly devMode: boolean;
  /** Dev mode only: drop every table first (`--fresh`). */
  readonly fresh?: boolean;
  /** CREATE … IF NOT EXISTS statements of Pylon's own tables (`_pylon_…`), one statement each. */
  readonly internal?: readonly string[];
}

const META = "CREATE TABLE IF NOT EXISTS _pylon_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)";
const setMeta = ({ parameter }: Dialect): string =>
  `INSERT INTO _pylon_meta (key, value) VALUES (${parameter(1)}, ${parameter(2)})
   ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE _pylon_meta.value <> excluded.value`;

/**
 * Brings the database to the wanted schema in one transaction: new tables, optional columns and indexes are added, renames done.
 * Throws `SCHEMA_CHANGED`, with nothing changed, when anything else differs. `created` names what was added or renamed.
 */
export async function applySchema(
  db: Database,
  wanted: SchemaDef,
  options: ApplyOptions,
): Promise<{ created: string[] }> {
  if (options.fresh === true && !options.devMode)
    throw new PylonError("FRESH_IN_PRODUCTION", "--fresh deletes all data, so it is for dev mode only", 500);
  return db.write(
    async (unit) => {
      if (options.fresh === true) await dropAll(db, unit);
      const { steps, blocked } = diffSchema(await db.introspect(unit), wanted, db.dialect);
      if (blocked.length > 0) throw schemaChanged(blocked, options.devMode);
      for (const sql of [META, ...(options.internal ?? [])]) await unit.run(sql, []);
      for (const step of steps) await take(step, db, unit);
      await unit.run(setMeta(db.dialect), ["schemaId", wanted.schemaId]);
      return { created: steps.map(tellStep) };
    },
    { label: "The schema change at start" },
  );
}

async function dropAll(db: Database, unit: WriteUnit): Promise<void> {
  for (const table of (await db.introspect(unit)).keys()) await take({ kind: "dropTable", table }, db, unit);
}

async function take(step: Step, { dialect }: Database, unit: WriteUnit): Promise<void> {
  for (const sql of printStep(step, dialect)) await unit.run(sql, []);
}

function schemaChanged(blocked: readonly string[], devMode: boolean): PylonError {
  const list = blocked.map((line) => `\n  - ${line}`).join("");
  return new PylonError(
    "SCHEMA_CHANGED",
    `The database does not fit the app, and a start does not change this:${list}`,
    500,
    {
      hint: devMode
        ? "Start with --fresh to delete the dev database and begin anew, declare a rename with renamedFrom, or undo the change in app.ts."
        : "Bring the database up by a migration before this version starts, declare a rename with renamedFrom, or start the version before.",
      extra: { differences: blocked },
    },
  );
}
