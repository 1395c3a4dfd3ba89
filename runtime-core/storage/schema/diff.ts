import type { ColumnDef, IndexDef, TableDef } from "../../sql/ddl.ts";
import type { Dialect } from "../../sql/dialect.ts";
import type { LiveColumn, LiveSchema, LiveTable, SchemaDef, Step } from "./schema.ts";

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
      steps.push({ kind: "renameTable", from, to: table.name });
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
    steps.push({ kind: "renameColumn", table: wanted.name, from: renamedFrom, to: name });
    names.set(renamedFrom, name);
  }
  const renamed = (name: string): string => names.get(name) ?? name;
  return {
    columns: live.columns.map((column) => ({ ...column, name: renamed(column.name) })),
    indexes: live.indexes.map((index) => ({ ...index, columns: index.columns.map(renamed) })),
  };
}

export interface SchemaDiff {
  /** What can be done at start without losing or refusing anything, in order. */
  readonly steps: readonly Step[];
  /** What cannot, in words, each naming its table and column. */
  readonly blocked: readonly string[];
}

/** Compares what is with what is wanted. Tables of others are left alone; so are further indexes that are not unique. */
export function diffSchema(before: LiveSchema, wanted: SchemaDef, dialect: Dialect): SchemaDiff {
  const { steps, live } = renames(before, wanted);
  const diff: Diff = { wanted, dialect, steps, blocked: [], taken: new Set(wanted.indexes.map(({ name }) => name)) };
  for (const table of wanted.tables) {
    const existing = live.get(table.name);
    if (existing === undefined) steps.push({ kind: "createTable", table });
    else diffTable(table, existing, diff);
  }
  for (const index of wanted.indexes) diffIndex(index, live.get(index.table), diff);
  return { steps, blocked: diff.blocked };
}

interface Diff {
  readonly wanted: SchemaDef;
  readonly dialect: Dialect;
  readonly steps: Step[];
  readonly blocked: string[];
  /** Names of indexes that cannot become another one: they are wanted themselves, or have become one. */
  readonly taken: Set<string>;
}

function diffTable(table: TableDef, live: LiveTable, diff: Diff): void {
  const { wanted, blocked } = diff;
  for (const column of table.columns) {
    const existing = live.columns.find(({ name }) => name === column.name);
    if (existing === undefined) addColumn(table.name, column, diff);
    else blocked.push(...columnChanges(table.name, column, existing, diff));
  }
  for (const { name } of live.columns) {
    if (!table.columns.some((column) => column.name === name))
      blocked.push(`${table.name}.${name} is in the database but no longer in the app`);
  }
  for (const index of live.indexes) {
    const known = wanted.indexes.some((w) => w.table === table.name && (w.name === index.name || equal(index, w)));
    const ofColumn = index.columns.length === 1 && table.columns.some((c) => c.unique && c.name === index.columns[0]);
    if (index.unique && !known && !ofColumn)
      blocked.push(`unique index ${index.name} on ${table.name} is in the database but no longer in the app`);
  }
}

function addColumn(table: string, column: ColumnDef, { steps, blocked }: Diff): void {
  if (column.notNull) {
    blocked.push(`${table}.${column.name} is new and required, so rows that exist have no value for it`);
    return;
  }
  steps.push({ kind: "addColumn", table, column });
  if (column.unique) steps.push({ kind: "addUnique", table, column: column.name });
}

function* columnChanges(
  table: string,
  wanted: ColumnDef,
  live: LiveColumn,
  { dialect, wanted: { indexes } }: Diff,
): Generator<string> {
  const name = `${table}.${wanted.name}`;
  const type = dialect.columnTypes[wanted.type];
  if (type.toUpperCase() !== live.type.toUpperCase())
    yield `${name} is ${live.type} in the database, ${type} in the app`;
  if (wanted.notNull && !live.notNull) yield `${name} is required in the app, optional in the database`;
  if (!wanted.notNull && live.notNull) yield `${name} is optional in the app, required in the database`;
  if (wanted.primaryKey !== live.primaryKey) yield `${name} is ${live.primaryKey ? "" : "not "}the key in the database`;
  if (wanted.primaryKey) return;
  // A unique index on the column alone is wanted as an index, and shows in the live column.
  const byIndex = indexes.some((i) => i.table === table && equal(i, { columns: [wanted.name], unique: true }));
  if (wanted.unique && !live.unique) yield `${name} is unique in the app, not in the database`;
  if (!wanted.unique && live.unique && !byIndex) yield `${name} is unique in the database, not in the app`;
}

function diffIndex(wanted: IndexDef, live: LiveTable | undefined, { steps, blocked, taken }: Diff): void {
  const existing = live?.indexes.find(({ name }) => name === wanted.name);
  if (existing !== undefined) {
    if (!equal(existing, wanted))
      blocked.push(`index ${wanted.name} is on (${existing.columns.join(", ")}) in the database`);
    return;
  }
  // Of a renamed table or index.
  const twin = live?.indexes.find((index) => equal(index, wanted) && !taken.has(index.name));
  if (twin !== undefined) {
    taken.add(twin.name);
    steps.push({ kind: "renameIndex", from: twin.name, index: wanted });
    return;
  }
  // Rows that exist may refuse a unique index, except where one of its columns is new: NULLs are never equal.
  const fits = live === undefined || wanted.columns.some((name) => !live.columns.some((c) => c.name === name));
  if (wanted.unique && !fits) blocked.push(`unique index ${wanted.name} on ${wanted.table} is new`);
  else steps.push({ kind: "createIndex", index: wanted });
}

type IndexShape = Pick<IndexDef, "unique" | "columns">;

const equal = (a: IndexShape, b: IndexShape): boolean =>
  a.unique === b.unique &&
  a.columns.length === b.columns.length &&
  a.columns.every((name, at) => name === b.columns[at]);
