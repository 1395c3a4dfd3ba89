import type { AppIr, EntityIr, RuleIr } from "../ir/app.ts";
import type { Expr } from "../policy/expr.ts";
import { partsOf } from "../policy/walk.ts";

/** An index that the rules of an app are slow without. */
export interface IndexNeed {
  readonly entity: string;
  /** An index that starts with one of these serves; `id` counts. */
  readonly starts: readonly string[];
  /** The fields of the index to add, when none does. */
  readonly fields: readonly string[];
  readonly why: (field: string) => string;
}

/** Of all rules, in the order of the app. */
export const indexNeeds = (ir: AppIr): readonly IndexNeed[] => ir.entities.flatMap(needsOfEntity);

function needsOfEntity(entity: EntityIr): IndexNeed[] {
  const { read, insert, update, delete: remove } = entity.rules;
  const scope = entity.sync.kind === "scope" ? entity.sync.rule : null;
  const sight = [read, scope].filter((rule) => rule !== null);
  const others = [insert, update, remove, ...entity.fields.map((field) => field.readable)];
  return [
    ...(read === null ? [] : branches(read.expr).flatMap((keys) => listNeed(entity, keys))),
    ...existsIn(sight).flatMap((exists) => [...lookupNeed(entity, exists, true), ...listNeed(entity, keyOf(exists))]),
    ...existsIn(others).flatMap((exists) => lookupNeed(entity, exists, false)),
    ...(entity.sync.kind === "none" ? [] : clocksIn(sight).map((field) => clockNeed(entity, field))),
  ];
}

/** A list by what the rule compares: one of these columns is enough. */
const listNeed = (entity: EntityIr, keys: readonly string[]): IndexNeed[] =>
  keys.length === 0
    ? []
    : [
        {
          entity: entity.name,
          starts: keys,
          fields: keys.slice(0, 1),
          why: (field) => `every list of ${entity.name} filters by \`${field}\`, which has no index`,
        },
      ];

/** What the clock shows or hides is found by asking for the rows whose time came since the last look. */
const clockNeed = (entity: EntityIr, field: string): IndexNeed => ({
  entity: entity.name,
  starts: [field],
  fields: [field],
  why: () => `what the clock shows or hides of ${entity.name} is found by \`${field}\`, which has no index`,
});

type Exists = Extract<Expr, { readonly kind: "exists" }>;

/**
 * In a list the look-up is one set for all rows, `SELECT teamId FROM Member WHERE userId = ?`, so the index starts with what equals
 * something of the caller; the columns that the row gives come last, and the set is read from the index alone. Of one given row, as in
 * a write, every column is known, and any of them will do.
 */
function lookupNeed(asking: EntityIr, { entity, clauses }: Exists, isList: boolean): IndexNeed[] {
  const bound = (root: "auth" | "data" | "literal") =>
    clauses.filter(({ value }) => rootOf(value) === root).map((clause) => clause.field);
  const [caller, fixed, row] = [bound("auth"), bound("literal"), bound("data")];
  const fields = [...new Set([...caller, ...fixed, ...row])];
  const starts = !isList ? fields : caller.length > 0 ? caller : row.length > 0 ? row : fixed;
  const first = starts.find((field) => fields[0] === field) ?? starts[0];
  if (first === undefined) return [];
  return [
    {
      entity,
      starts,
      fields: [first, ...fields.filter((field) => field !== first && field !== "id")],
      why: (field) => `the rules of ${asking.name} look up ${entity} by \`${field}\`, which has no index`,
    },
  ];
}

const existsIn = (rules: readonly (RuleIr | null)[]): Exists[] =>
  rules.flatMap((rule) => (rule === null ? [] : [...partsOf(rule.expr)].filter((part) => part.kind === "exists")));

/** The columns that a rule compares with the clock. */
const clocksIn = (rules: readonly RuleIr[]): string[] =>
  rules.flatMap((rule) =>
    [...partsOf(rule.expr)].flatMap((part) => {
      if (part.kind !== "compare") return [];
      if (isClock(part.right)) return rowColumn(part.left);
      return isClock(part.left) ? rowColumn(part.right) : [];
    }),
  );

const isClock = (expr: Expr): boolean =>
  (expr.kind === "call" && expr.name === "ago") || (expr.kind === "path" && expr.segments.join(".") === "now");

/** For each way in which the rule can hold: the columns that must then equal something of the caller, or of a row that he has. */
function branches(expr: Expr): string[][] {
  if (expr.kind === "or") return expr.parts.flatMap(branches);
  if (expr.kind === "and") {
    let all: string[][] = [[]];
    for (const part of expr.parts) {
      const ways = branches(part);
      // A rule of many alternatives within alternatives is cut: the warning is advice, not a proof.
      if (all.length * ways.length <= BRANCHES_MAX) all = all.flatMap((keys) => ways.map((way) => [...keys, ...way]));
    }
    return all;
  }
  return [keyOf(expr)];
}

const BRANCHES_MAX = 64;

/** `auth.userId == data.userId`, either way round; `exists(Member where teamId == data.teamId …)` picks rows by their `teamId`. */
function keyOf(expr: Expr): string[] {
  if (expr.kind === "exists") return expr.clauses.flatMap(({ value }) => rowColumn(value));
  if (expr.kind !== "compare" || expr.op !== "==") return [];
  if (rootOf(expr.left) === "auth") return rowColumn(expr.right);
  return rootOf(expr.right) === "auth" ? rowColumn(expr.left) : [];
}

const rowColumn = (expr: Expr): string[] =>
  expr.kind === "path" && rootOf(expr) === "data" ? expr.segments.slice(1, 2) : [];

/** Also `next`: in a look-up it is a value of the row like any other. */
const ROW_ROOTS: readonly string[] = ["data", "existing", "record", "next"];

function rootOf(expr: Expr): "auth" | "data" | "literal" | null {
  if (expr.kind === "literal") return "literal";
  if (expr.kind !== "path") return null;
  const [root = ""] = expr.segments;
  if (root === "auth") return "auth";
  return ROW_ROOTS.includes(root) ? "data" : null;
}
