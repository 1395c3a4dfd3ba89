import Database from "better-sqlite3";
import fc from "fast-check";
import type { Pred } from "../../../generator/policy/pred.ts";
import type { Scope, ScopeTree } from "../../../generator/policy/scope.ts";
import { printJs } from "../../../generator/policy/to-js.ts";
import { type Auth, hasAnyRole, hasRole } from "../../../runtime-core/kernel/auth.ts";
import { ago } from "../../../runtime-core/kernel/datetime.ts";
import { compareText } from "../../../runtime-core/kernel/text.ts";
import {
  pylonAtMost,
  pylonEqual,
  pylonJson,
  pylonLess,
  pylonNum,
  pylonTruthy,
  SQL_FUNCTIONS,
} from "../../../runtime-core/sql/coerce.ts";
import { MEMBER, members, NOTE, NOW, type Row, rows } from "./sample.ts";

/** Runs printed rules as a generated server does: the text is compiled, rows come from a real database. */
const HELPERS = {
  ago,
  compareText,
  hasAnyRole,
  hasRole,
  pylonAtMost,
  pylonEqual,
  pylonJson,
  pylonLess,
  pylonNum,
  pylonTruthy,
};
const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

export type Has = (entity: string, values: Readonly<Record<string, unknown>>) => Promise<boolean>;

const compiled = (
  text: string,
  names: readonly string[],
  make: FunctionConstructor,
): ((...values: unknown[]) => unknown) =>
  make(...names, ...Object.keys(HELPERS), `return ${text};`) as (...values: unknown[]) => unknown;

export async function matching(text: string, auth: Auth, table: readonly Row[], has: Has): Promise<readonly string[]> {
  const rule = compiled(text, ["auth", "row", "now", "has"], AsyncFunction);
  const found: string[] = [];
  for (const row of table)
    if ((await rule(auth, row, NOW, has, ...Object.values(HELPERS))) === true) found.push(row.id);
  return found;
}

export const callersValue = (text: string, auth: Auth): unknown =>
  compiled(text, ["auth", "now"], Function)(auth, NOW, ...Object.values(HELPERS));

export const holdsForCaller = (pred: Pred, auth: Auth): boolean => callersValue(printJs(pred), auth) === true;

export function chosenScope(tree: ScopeTree, auth: Auth): Scope {
  if (tree.kind === "leaf") return tree.scope;
  return chosenScope(callersValue(tree.test, auth) === true ? tree.then : tree.else, auth);
}

export class Tables {
  readonly db: Database.Database;
  readonly notes: readonly Row[];
  readonly members: readonly Record<string, unknown>[];

  constructor(path: string, seed: number) {
    this.db = new Database(path);
    for (const { name, fn } of SQL_FUNCTIONS)
      this.db.function(name, { deterministic: true, varargs: true }, fn as (...args: unknown[]) => unknown);
    this.notes = fc.sample(rows, { numRuns: 60, seed }).map((row, index) => ({ id: `n${index}`, ...row }));
    this.members = fc
      .sample(members, { numRuns: 40, seed: seed + 1 })
      .map((row, index) => ({ id: `n${index}`, ...row }));
    this.#fill(NOTE, this.notes);
    this.#fill(MEMBER, this.members);
  }

  readonly has: Has = async (_entity, values) =>
    this.members.some((row) => Object.entries(values).every(([name, value]) => row[name] === value));

  select(where: string, args: readonly string[], auth: Auth): readonly string[] {
    const values = args.map((arg) => callersValue(arg, auth));
    return this.db
      .prepare<unknown[], string>(`SELECT "id" FROM "Note" WHERE ${where} ORDER BY rowid`)
      .pluck()
      .all(...values);
  }

  #fill(entity: typeof NOTE, values: readonly Readonly<Record<string, unknown>>[]): void {
    const names = ["id", ...entity.fields.map((field) => field.name)];
    const columns = entity.fields.map(({ name, type }) => {
      const sqlType = { int: "INTEGER", bool: "INTEGER", float: "REAL" }[type.kind as string] ?? "TEXT";
      return `"${name}" ${sqlType}`;
    });
    this.db.exec(`CREATE TABLE "${entity.name}" ("id" TEXT NOT NULL, ${columns.join(", ")})`);
    const insert = this.db.prepare(`INSERT INTO "${entity.name}" VALUES (${names.map(() => "?").join(", ")})`);
    const kinds = new Map(entity.fields.map((field) => [field.name, field.type.kind]));
    for (const row of values)
      insert.run(
        names.map((name) => {
          const value = row[name];
          if (typeof value === "boolean") return Number(value);
          return kinds.get(name) === "json" && value !== null ? JSON.stringify(value) : value;
        }),
      );
  }
}
