import type { Expr } from "./expr.ts";

/** The canonical policy string of a rule, as the manifest carries it. Parsing it again gives the same tree. */
export function exprToSource(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return typeof expr.value === "string" ? quote(expr.value) : String(expr.value);
    case "path":
      return expr.segments.join(".");
    case "not":
      return `!${operand(expr.of)}`;
    case "and":
      return expr.parts
        .map((part) => (part.kind === "or" || part.kind === "and" ? parens(part) : exprToSource(part)))
        .join(" && ");
    case "or":
      return expr.parts
        .map((part) => (part.kind === "or" || part.kind === "and" ? parens(part) : exprToSource(part)))
        .join(" || ");
    case "compare":
      return `${operand(expr.left)} ${expr.op} ${exprToSource(expr.right)}`;
    case "call":
      return `${expr.name}(${expr.args.map(quote).join(", ")})`;
    case "exists": {
      const clauses = expr.clauses.map((clause) => `${clause.field} == ${exprToSource(clause.value)}`);
      return `exists(${expr.entity} where ${clauses.join(" and ")})`;
    }
  }
}

const operand = (expr: Expr): string =>
  expr.kind === "and" || expr.kind === "or" || expr.kind === "compare" ? parens(expr) : exprToSource(expr);

const parens = (expr: Expr): string => `(${exprToSource(expr)})`;

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\0": "\\0",
};

// Only the escapes of dsl 2.1: JSON's \u0007 and the like would not parse again.
const quote = (text: string): string =>
  `"${text.replace(/[\\"\n\r\t\0]/g, (character) => ESCAPES[character] ?? character)}"`;
