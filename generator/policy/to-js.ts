import type { Expr } from "./expr.ts";
import { jsOperand } from "./js-operand.ts";
import { lower } from "./lower.ts";
import { isCallers, type Operand, typeOf } from "./operand.ts";
import { type Atom, atomsOf, type ExistsClause, type OrderOp, type Pred } from "./pred.ts";
import type { PolicyScope } from "./schema.ts";

/** What the printed text refers to. */
export interface Needs {
  /** `row`, the typed stored row. */
  readonly row: boolean;
  /** `next`, the typed row after the write. */
  readonly next: boolean;
  /** `now`, canonical datetime text. */
  readonly now: boolean;
  /** `await has("Entity", { field: value })`. */
  readonly exists: boolean;
  /** Functions to import, sorted: `ago compareText hasAnyRole hasRole pylonAtMost pylonEqual pylonJson pylonLess pylonNum pylonTruthy`. */
  readonly helpers: readonly string[];
}

export interface JsRule {
  /** A boolean expression over `auth`, `row`, `next`, `now`, `input` and `has`, with `await` where it looks for rows. */
  readonly text: string;
  readonly needs: Needs;
}

export function toJs(expr: Expr, scope: PolicyScope): JsRule {
  const pred = lower(expr, scope);
  const text = printJs(pred);
  return { text, needs: needsOf(pred, text) };
}

type Level = "unit" | "compare" | "and" | "or";
interface Printed {
  readonly text: string;
  readonly level: Level;
}

export const printJs = (pred: Pred): string => print(pred).text;

function print(pred: Pred): Printed {
  if (pred.kind === "const") return { text: String(pred.value), level: "unit" };
  if (pred.kind === "atom") return printAtom(pred.atom, pred.negated);
  return chain(pred.kind, pred.parts.map(print));
}

/** `a && (b || c)`, and `(a && b) || c` as formatters write it. */
function chain(kind: "and" | "or", parts: readonly Printed[]): Printed {
  const [only, ...rest] = parts;
  if (only !== undefined && rest.length === 0) return only;
  const texts = parts.map((part) =>
    (part.level === "and" || part.level === "or") && part.level !== kind ? `(${part.text})` : part.text,
  );
  return { text: texts.join(kind === "and" ? " && " : " || "), level: kind };
}

function printAtom(atom: Atom, negated: boolean): Printed {
  switch (atom.kind) {
    case "auth":
      return call(`auth.${atom.name}`, negated);
    case "role":
      return call(
        `${atom.roles.length === 1 ? "hasRole" : "hasAnyRole"}(auth, ${atom.roles.map((role) => JSON.stringify(role)).join(", ")})`,
        negated,
      );
    case "null":
      return compared(jsOperand(atom.of), negated ? "!==" : "===", "null");
    case "truthy":
      return printTruthy(atom.of, negated);
    case "equal":
      return printEqual(atom, negated);
    case "order":
      return printOrder(atom, negated);
    case "exists":
      return call(
        `await has(${JSON.stringify(atom.entity)}, { ${atom.clauses.map(printClause).join(", ")} })`,
        negated,
      );
  }
}

const printClause = ({ field, value }: ExistsClause): string => `${field}: ${jsOperand(value)}`;

function printTruthy(operand: Operand, negated: boolean): Printed {
  const text = jsOperand(operand);
  if (operand.kind === "json") return call(`pylonTruthy(${text})`, negated);
  const empty = typeOf(operand) === "text" ? '""' : "0";
  const filled = compared(text, negated ? "===" : "!==", empty);
  return guarded([operand], filled, negated);
}

function printEqual(atom: Extract<Atom, { kind: "equal" }>, negated: boolean): Printed {
  const [left, right] = [jsOperand(atom.left), jsOperand(atom.right)];
  if (atom.loose) return call(`pylonEqual(${left}, ${right})`, negated);
  const flag = atom.right.kind === "literal" && typeof atom.right.value === "boolean" ? atom.right.value : null;
  if (flag !== null && atom.left.kind === "field" && !atom.left.nullable) return call(left, flag === negated);
  return compared(left, negated ? "!==" : "===", right);
}

const OPPOSITE: Readonly<Record<OrderOp, OrderOp>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" };

function printOrder(atom: Extract<Atom, { kind: "order" }>, negated: boolean): Printed {
  const { op, left, right } = atom;
  if (atom.loose) return printLooseOrder(op, jsOperand(left), jsOperand(right), negated);
  if (left.kind === "number" || right.kind === "number") {
    // NaN is in no order, so what is no number falls out on either side.
    const [a, b] = [left, right].map((side) =>
      side.kind === "number" ? `(${jsOperand(side)} ?? Number.NaN)` : jsOperand(side),
    );
    const text = `${a} ${op} ${b}`;
    return guarded(
      [left, right],
      negated ? { text: `!(${text})`, level: "unit" } : { text, level: "compare" },
      negated,
    );
  }
  const shown = negated ? OPPOSITE[op] : op;
  const ordered =
    typeOf(left) === "text"
      ? compared(`compareText(${jsOperand(left)}, ${jsOperand(right)})`, shown, "0")
      : compared(jsOperand(left), shown, jsOperand(right));
  return guarded([left, right], ordered, negated);
}

function printLooseOrder(op: OrderOp, left: string, right: string, negated: boolean): Printed {
  const name = op === "<" || op === ">" ? "pylonLess" : "pylonAtMost";
  return call(op.startsWith("<") ? `${name}(${left}, ${right})` : `${name}(${right}, ${left})`, negated);
}

/** Nullable fields are tested first: `row.n !== null && row.n < 5`, and its opposite `row.n === null || row.n >= 5`. */
function guarded(operands: readonly Operand[], last: Printed, negated: boolean): Printed {
  const tests = operands
    .filter((operand) => operand.kind === "field" && operand.nullable)
    .map((operand) => compared(jsOperand(operand), negated ? "===" : "!==", "null"));
  return chain(negated ? "or" : "and", [...tests, last]);
}

const compared = (left: string, op: string, right: string): Printed => ({
  text: `${left} ${op} ${right}`,
  level: "compare",
});

function call(text: string, negated: boolean): Printed {
  if (!negated) return { text, level: "unit" };
  return { text: text.startsWith("await ") ? `!(${text})` : `!${text}`, level: "unit" };
}

const HELPER = /\b(?:ago|compareText|hasAnyRole|hasRole|pylon[A-Z][A-Za-z]*)(?=\()/g;

export function needsOf(pred: Pred, text: string): Needs {
  const roots = new Set([...atomsOf(pred)].flatMap(({ atom }) => operandsOf(atom)).map(rootOfOperand));
  return {
    row: roots.has("row"),
    next: roots.has("next"),
    now: roots.has("now"),
    exists: [...atomsOf(pred)].some(({ atom }) => atom.kind === "exists"),
    helpers: helpersIn(text),
  };
}

/** Names of the functions that a printed expression calls, outside its string literals. */
export const helpersIn = (text: string): readonly string[] =>
  [...new Set(text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(HELPER) ?? [])].sort();

export function operandsOf(atom: Atom): readonly Operand[] {
  switch (atom.kind) {
    case "auth":
    case "role":
      return [];
    case "null":
    case "truthy":
      return [atom.of];
    case "equal":
    case "order":
      return [atom.left, atom.right];
    case "exists":
      return atom.clauses.map((clause) => clause.value);
  }
}

function rootOfOperand(operand: Operand): string {
  if (operand.kind === "number") return rootOfOperand(operand.of);
  if (operand.kind === "field" || operand.kind === "json") return operand.root;
  return isCallers(operand) && operand.kind !== "auth" && operand.kind !== "literal" ? "now" : "";
}
