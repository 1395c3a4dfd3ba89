import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr, EntityIr } from "../ir/app.ts";
import type { Expr } from "../policy/expr.ts";
import { diagnose } from "./diagnose.ts";

/** INDEX_MISSING: a read rule becomes the WHERE of every list, so what it compares with the caller must be indexed. */
export const checkReadIndexes = (ir: AppIr): Diagnostic[] => ir.entities.flatMap(checkEntity);

function checkEntity(entity: EntityIr): Diagnostic[] {
  const rule = entity.rules.read;
  if (rule === null) return [];
  const indexed = new Set([
    "id",
    ...entity.indexes.map((index) => index.fields[0]),
    ...entity.fields.filter((field) => field.unique).map((field) => field.name),
  ]);
  const missing = new Set<string>();
  for (const keys of branches(rule.expr)) {
    const [first] = keys;
    if (first !== undefined && !keys.some((key) => indexed.has(key))) missing.add(first);
  }
  return entity.fields
    .filter((field) => missing.has(field.name))
    .map((field) =>
      diagnose(
        "INDEX_MISSING",
        `every list of ${entity.name} filters by \`${field.name}\`, which has no index`,
        field.origin.key,
        {
          hint: `add: indexes: [{ name: "${indexName(field.name)}", fields: ["${field.name}"], unique: false }]`,
        },
      ),
    );
}

/** For each way in which the rule can hold: the columns that must then equal something of the caller. */
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

/** `auth.userId == data.userId`, either way round. */
function keyOf(expr: Expr): string[] {
  if (expr.kind !== "compare" || expr.op !== "==") return [];
  const [a, b] = [pathOf(expr.left), pathOf(expr.right)];
  const column = a?.root === "data" ? a.name : b?.root === "data" ? b.name : null;
  const withCaller = a?.root === "auth" || b?.root === "auth";
  return column !== null && withCaller ? [column] : [];
}

const ROW_ROOTS: readonly string[] = ["data", "existing", "record"];

function pathOf(expr: Expr): { root: "data" | "auth"; name: string } | null {
  if (expr.kind !== "path") return null;
  const [root = "", name = ""] = expr.segments;
  if (root === "auth") return { root, name };
  return ROW_ROOTS.includes(root) ? { root: "data", name } : null;
}

/** `userId` → `by_user`. */
const indexName = (field: string): string =>
  `by_${field
    .replace(/_?[iI]d$/, "")
    .replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
    .replace(/^_+/, "")}`;
