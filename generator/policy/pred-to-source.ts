import type { Operand } from "./operand.ts";
import type { Atom, OrderOp, Pred } from "./pred.ts";

/** A condition for people: the row's fields by their names alone, as in "rows where `ownerId == auth.userId`". */
export function predToSource(pred: Pred): string {
  if (pred.kind === "const") return String(pred.value);
  if (pred.kind === "atom") return atomText(pred.atom, pred.negated);
  const parts = pred.parts.map((part) =>
    part.kind === "atom" || part.kind === "const" ? predToSource(part) : `(${predToSource(part)})`,
  );
  return parts.join(pred.kind === "and" ? " && " : " || ");
}

const OPPOSITE: Readonly<Record<OrderOp, OrderOp>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" };

function atomText(atom: Atom, negated: boolean): string {
  const bang = negated ? "!" : "";
  switch (atom.kind) {
    case "auth":
      return `${bang}auth.${atom.name}`;
    case "role":
      return `${bang}auth.${atom.roles.length === 1 ? "hasRole" : "hasAnyRole"}(${atom.roles.map((role) => JSON.stringify(role)).join(", ")})`;
    case "null":
      return `${text(atom.of)} ${negated ? "!=" : "=="} null`;
    case "truthy":
      return `${bang}${text(atom.of)}`;
    case "equal":
      if (atom.right.kind === "literal" && atom.right.value === true) return `${bang}${text(atom.left)}`;
      return `${text(atom.left)} ${negated ? "!=" : "=="} ${text(atom.right)}`;
    case "order":
      // What is null is in no order, so the opposite of `<` is `>=` only where nothing is null.
      return negated && [atom.left, atom.right].some((side) => side.kind === "field" && side.nullable)
        ? `!(${text(atom.left)} ${atom.op} ${text(atom.right)})`
        : `${text(atom.left)} ${negated ? OPPOSITE[atom.op] : atom.op} ${text(atom.right)}`;
    case "exists": {
      // In there a bare name is the other entity's.
      const clauses = atom.clauses.map(
        ({ field, value }) => `${field} == ${"root" in value ? `data.${text(value)}` : text(value)}`,
      );
      return `${bang}exists(${atom.entity} where ${clauses.join(" and ")})`;
    }
  }
}

function text(operand: Operand): string {
  switch (operand.kind) {
    case "literal":
      return JSON.stringify(operand.value);
    case "auth":
      return `auth.${operand.name}`;
    case "now":
      return "now";
    case "ago":
      return `ago("${operand.ms / 1_000}s")`;
    case "absent":
      return "null";
    case "number":
      return text(operand.of);
    case "field":
      return rooted(operand.root, operand.name);
    case "json":
      return rooted(operand.root, operand.path === "" ? operand.name : `${operand.name}.${operand.path}`);
  }
}

const rooted = (root: string, path: string): string => (root === "row" ? path : `${root}.${path}`);
