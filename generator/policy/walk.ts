import type { Expr } from "./expr.ts";

/** Every part of an expression, itself first. The values of `exists` clauses are parts too. */
export function* partsOf(expr: Expr): Generator<Expr> {
  yield expr;
  for (const child of childrenOf(expr)) yield* partsOf(child);
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "not":
      return [expr.of];
    case "and":
    case "or":
      return expr.parts;
    case "compare":
      return [expr.left, expr.right];
    case "exists":
      return expr.clauses.map((clause) => clause.value);
    default:
      return [];
  }
}
