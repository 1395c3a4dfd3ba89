import type { EntityIr, FieldIr } from "../../ir/app.ts";
import { propertyAccess, propertyKey } from "../../text/ident.ts";
import { rowType } from "./names.ts";
import { callOf, isAlways, type Predicate } from "./predicates.ts";
import type { Projection } from "./projection.ts";
import { object } from "./row-functions.ts";

const wireValue = (field: FieldIr, row: string): string => {
  const value = propertyAccess(row, field.name);
  if (field.type.kind !== "datetime") return value;
  return `${field.optional ? "shownDatetime" : "printDatetime"}(${value})`;
};

/** `feedRow`: the row as the feed keeps it. */
export function feedRow(entity: EntityIr, { fed }: Projection): string {
  const app = fed.some((field) => field.encrypted) ? "app: App, " : "";
  const isWhole =
    fed.length === entity.fields.length && fed.every((field) => field.type.kind !== "datetime" && !field.encrypted);
  const head = `/** The row as the feed keeps it. */\nconst feedRow = (${app}row: ${rowType(entity)}): string =>`;
  if (isWhole) return `${head} JSON.stringify(row);`;
  const members = fed.map((field) => {
    // Sealed there as well: the feed is on the same disk.
    const value = field.encrypted ? `seal(app, ${propertyAccess("row", field.name)})` : wireValue(field, "row");
    return `${propertyKey(field.name)}: ${value}`;
  });
  return `${head}\n  JSON.stringify(${object(["id: row.id", ...members], "  ")});`;
}

/** A function that prints what a caller may see of a row: `shown` for the routes, `synced` for the feed's readers. */
export interface RowPrinter {
  readonly text: string;
  readonly needsApp: boolean;
  /** Whether some field has a rule, so that not every caller gets the same. */
  readonly needsAuth: boolean;
  /** A call of it, with what the place at hand calls the caller and the row. */
  readonly call: (auth: string, row: string) => string;
}

/** What prints rows for the routes, and what for the feed's readers; null where the text is there already. */
export function rowPrinters(
  entity: EntityIr,
  project: Projection,
  readable: ReadonlyMap<string, Predicate>,
): { readonly shown: RowPrinter | null; readonly synced: RowPrinter | null } {
  const shown = project.isText ? null : rowPrinter("shown", entity, project.shown, readable);
  if (entity.sync.kind === "none" || project.feedIsWire) return { shown, synced: null };
  if (shown !== null && project.synced.length === project.shown.length) return { shown, synced: shown };
  return { shown, synced: rowPrinter("synced", entity, project.synced, readable) };
}

function rowPrinter(
  name: "shown" | "synced",
  entity: EntityIr,
  fields: readonly FieldIr[],
  readable: ReadonlyMap<string, Predicate>,
): RowPrinter {
  const guardOf = (field: FieldIr): Predicate | null => {
    const rule = readable.get(field.name);
    return rule === undefined || isAlways(rule) ? null : rule;
  };
  const guards = fields.map(guardOf).filter((guard) => guard !== null);
  const needsApp = guards.some((guard) => guard.needsNow);
  const needsAuth = guards.length > 0;
  const members = fields.map((field) => {
    const value = wireValue(field, "row");
    const guard = guardOf(field);
    const sent = guard === null ? value : `${callOf(guard, { on: "", row: "row" })} ? ${value} : null`;
    return `${propertyKey(field.name)}: ${sent}`;
  });
  const list = (app: string, auth: string, row: string) =>
    [...(needsApp ? [app] : []), ...(needsAuth ? [auth] : []), row].join(", ");
  const what = `${name === "shown" ? "The routes' answer" : "What sync sends"} of a row${needsAuth ? ", for this caller" : ""}.`;
  const head = `/** ${what} */\nconst ${name} = (${list("app: App", "auth: Auth", `row: ${rowType(entity)}`)}): string =>`;
  return {
    text: `${head}\n  JSON.stringify(${object(["id: row.id", ...members], "  ")});`,
    needsApp,
    needsAuth,
    call: (auth, row) => `${name}(${list("app", auth, row)})`,
  };
}
