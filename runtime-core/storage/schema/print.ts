import { createIndex, createTable } from "../../sql/ddl.ts";
import { type Dialect, quote } from "../../sql/dialect.ts";
import type { Step } from "./schema.ts";

/** The statements of a step, in order. */
export function printStep(step: Step, dialect: Dialect): readonly string[] {
  switch (step.kind) {
    case "renameTable":
      return [`ALTER TABLE ${quote(step.from)} RENAME TO ${quote(step.to)}`];
    case "renameColumn":
      return [`ALTER TABLE ${quote(step.table)} RENAME COLUMN ${quote(step.from)} TO ${quote(step.to)}`];
    case "createTable":
      return [createTable(step.table, dialect)];
    case "addColumn": {
      const { name, type } = step.column;
      return [`ALTER TABLE ${quote(step.table)} ADD COLUMN ${quote(name)} ${dialect.columnTypes[type]}`];
    }
    case "addUnique": {
      // Says the same as UNIQUE at the column, in errors too.
      const { table, column } = step;
      return [createIndex({ name: `_pylon_unique_${table}_${column}`, table, columns: [column], unique: true })];
    }
    case "createIndex":
      return [createIndex(step.index)];
    case "renameIndex":
      return dialect.renamesIndexes
        ? [`ALTER INDEX ${quote(step.from)} RENAME TO ${quote(step.index.name)}`]
        : [`DROP INDEX ${quote(step.from)}`, createIndex(step.index)];
    case "dropTable":
      return [`DROP TABLE ${quote(step.table)}`];
  }
}

/** For people: "column Todo.note". */
export function tellStep(step: Step): string {
  switch (step.kind) {
    case "renameTable":
      return `table ${step.from} → ${step.to}`;
    case "renameColumn":
      return `column ${step.table}.${step.from} → ${step.to}`;
    case "createTable":
      return `table ${step.table.name}`;
    case "addColumn":
      return `column ${step.table}.${step.column.name}`;
    case "addUnique":
      return `unique column ${step.table}.${step.column}`;
    case "createIndex":
      return `index ${step.index.name}`;
    case "renameIndex":
      return `index ${step.from} → ${step.index.name}`;
    case "dropTable":
      return `table ${step.table} dropped`;
  }
}
