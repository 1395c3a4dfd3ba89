import type { Scalar } from "../../runtime-core/sql/coerce.ts";
import type { DialectName } from "../../runtime-core/sql/dialect.ts";
import { quote } from "../../runtime-core/sql/dialect.ts";
import { jsOperand } from "./js-operand.ts";
import { isCallers, isNullable, type Operand, typeOf } from "./operand.ts";
import type { Atom, OrderOp, Pred } from "./pred.ts";

export interface SqlRule {
  /** A condition with `?` for each of `args`; NULL counts as false, and no NOT stands above what can be NULL. */
  readonly sql: string;
  /** JavaScript expressions over `auth` and `now`. */
  readonly args: readonly string[];
  /** Fields that every branch compares for equality with a parameter or literal. */
  readonly keys: readonly string[];
}

export interface SqlTarget {
  /** The table that the statement reads, by its own name: columns inside `exists` are qualified with it. */
  readonly table: string;
  readonly dialect: DialectName;
}

/** Prints a condition whose caller's part has been decided (`scopeTree` does). Throws on what is no row condition: `next`, `auth.isAdmin`. */
export function toSql(pred: Pred, target: SqlTarget): SqlRule {
  const printer = new Printer(target);
  return { sql: printer.print(pred, false), args: printer.args, keys: [...keysOf(pred)] };
}

const OPPOSITE: Readonly<Record<OrderOp, OrderOp>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" };

class Printer {
  readonly args: string[] = [];
  readonly #table: string;
  readonly #dialect: DialectName;
  #qualified = false;

  constructor({ table, dialect }: SqlTarget) {
    this.#table = table;
    this.#dialect = dialect;
  }

  print(pred: Pred, nested: boolean): string {
    if (pred.kind === "const") return pred.value ? "1 = 1" : "1 = 0";
    if (pred.kind === "atom") return this.#atom(pred.atom, pred.negated);
    const text = pred.parts.map((part) => this.print(part, true)).join(pred.kind === "and" ? " AND " : " OR ");
    return nested ? `(${text})` : text;
  }

  #atom(atom: Atom, negated: boolean): string {
    switch (atom.kind) {
      case "null":
        return `${this.#operand(atom.of)} IS ${negated ? "NOT " : ""}NULL`;
      case "truthy":
        return this.#truthy(atom.of, negated);
      case "equal":
        return this.#equal(atom, negated);
      case "order":
        return this.#order(atom, negated);
      case "exists":
        return this.#exists(atom, negated);
      case "auth":
      case "role":
        throw new Error(`no SQL for a condition of the caller: ${JSON.stringify(atom)}`);
    }
  }

  #truthy(operand: Operand, negated: boolean): string {
    if (operand.kind === "json") return `${negated ? "NOT " : ""}pylon_truthy(${this.#operand(operand)})`;
    const column = this.#operand(operand);
    return this.#orNull(
      [operand],
      negated,
      `${column} ${negated ? "=" : "<>"} ${typeOf(operand) === "text" ? "''" : "0"}`,
    );
  }

  #equal({ left, right, loose }: Extract<Atom, { kind: "equal" }>, negated: boolean): string {
    if (loose) return this.#call("pylon_equal", left, right, negated);
    if (right.kind === "literal" && typeof right.value === "boolean")
      return this.#orNull([left], negated, this.#flag(this.#operand(left), right.value !== negated));
    const [a, b] = [this.#operand(left), this.#operand(right)];
    if (isColumn(left) && isColumn(right) && isNullable(left) && isNullable(right))
      return negated
        ? `(${a} <> ${b} OR (${a} IS NULL) <> (${b} IS NULL))`
        : `(${a} = ${b} OR (${a} IS NULL AND ${b} IS NULL))`;
    return this.#orNull([left, right], negated, `${a} ${negated ? "<>" : "="} ${b}`);
  }

  #order({ op, left, right, loose }: Extract<Atom, { kind: "order" }>, negated: boolean): string {
    if (loose) {
      const name = op === "<" || op === ">" ? "pylon_less" : "pylon_at_most";
      return op.startsWith("<") ? this.#call(name, left, right, negated) : this.#call(name, right, left, negated);
    }
    const collation = typeOf(left) === "text" && this.#dialect === "postgres" ? ' COLLATE "C"' : "";
    const text = `${this.#operand(left)}${collation} ${negated ? OPPOSITE[op] : op} ${this.#operand(right)}`;
    return this.#orNull([left, right], negated, text);
  }

  /** A negated comparison holds where a side is NULL; a plain one does not, as in SQL. */
  #orNull(operands: readonly Operand[], negated: boolean, text: string): string {
    const nulls = negated ? operands.filter((operand) => isColumn(operand) && isNullable(operand)) : [];
    if (nulls.length === 0) return text;
    return `(${[...nulls.map((operand) => `${this.#operand(operand)} IS NULL`), text].join(" OR ")})`;
  }

  #exists({ entity, clauses }: Extract<Atom, { kind: "exists" }>, negated: boolean): string {
    const other = entity === this.#table || this.#table === "other" ? "other_" : "other";
    this.#qualified = true;
    const conditions = clauses.map(({ field, nullable, value }) => {
      const column = `${quote(other)}.${quote(field)}`;
      if (value.kind === "literal" && value.value === null) return `${column} IS NULL`;
      if (value.kind === "literal" && typeof value.value === "boolean") return this.#flag(column, value.value);
      const text = this.#operand(value);
      return nullable && isColumn(value) && isNullable(value)
        ? `(${column} = ${text} OR (${column} IS NULL AND ${text} IS NULL))`
        : `${column} = ${text}`;
    });
    this.#qualified = false;
    const query = `EXISTS (SELECT 1 FROM ${quote(entity)} AS ${quote(other)} WHERE ${conditions.join(" AND ")})`;
    return negated ? `NOT ${query}` : query;
  }

  #flag(column: string, value: boolean): string {
    if (this.#dialect === "postgres") return value ? column : `NOT ${column}`;
    return `${column} = ${value ? 1 : 0}`;
  }

  /** A loose comparison; both sides go in as JSON text, so that `1`, `"1"` and `true` stay apart. */
  #call(name: string, left: Operand, right: Operand, negated: boolean): string {
    return `${negated ? "NOT " : ""}${name}(${this.#jsonText(left)}, ${this.#jsonText(right)})`;
  }

  #jsonText(operand: Operand): string {
    if (operand.kind === "json") return this.#operand(operand);
    if (operand.kind === "literal") return this.#literal(jsonLiteral(operand.value));
    if (isCallers(operand)) return this.#parameter(`JSON.stringify(${jsOperand(operand)})`);
    const column = this.#operand(operand);
    if (this.#dialect === "postgres") return `to_json(${column})::text`;
    if (typeOf(operand) === "bool") return `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`;
    return `pylon_scalar(${column})`;
  }

  #operand(operand: Operand): string {
    switch (operand.kind) {
      case "literal":
        return this.#literal(operand.value);
      case "field":
        return this.#column(operand.root, operand.name);
      case "json":
        return `pylon_json(${this.#column(operand.root, operand.name)}, ${this.#literal(operand.path)})`;
      case "number":
        if (!isCallers(operand)) return `pylon_num(${this.#operand(operand.of)})`;
        // The type of a Postgres parameter would be guessed from the column beside it, and 1.5 is no bigint.
        return this.#dialect === "postgres"
          ? `CAST(${this.#parameter(jsOperand(operand))} AS double precision)`
          : this.#parameter(jsOperand(operand));
      default:
        return this.#parameter(jsOperand(operand));
    }
  }

  #column(root: string, name: string): string {
    if (root !== "row") throw new Error(`no SQL for ${root}.${name}: only the stored row is in the table`);
    return this.#qualified ? `${quote(this.#table)}.${quote(name)}` : quote(name);
  }

  #literal(value: string | number | boolean | null): string {
    if (typeof value === "number") return this.#number(value);
    if (typeof value !== "string") return String(value);
    // Whoever turns `?` into `$1` must not meet one inside a text.
    return value.includes("?") ? this.#parameter(JSON.stringify(value)) : `'${value.replaceAll("'", "''")}'`;
  }

  #number(value: number): string {
    if (Number.isFinite(value)) return String(value);
    const sign = value < 0 ? "-" : "";
    return this.#dialect === "postgres" ? `'${sign}Infinity'::double precision` : `${sign}9e999`;
  }

  #parameter(js: string): string {
    this.args.push(js);
    return "?";
  }
}

/** JSON has no infinity, but a number that overflows reads as one. */
const jsonLiteral = (value: Scalar): string =>
  typeof value === "number" && !Number.isFinite(value) ? `${value < 0 ? "-" : ""}1e999` : JSON.stringify(value);

const isColumn = (operand: Operand): boolean => !isCallers(operand);

/** What an index can serve: equal in all parts of an `or`, in any part of an `and`. */
function keysOf(pred: Pred): ReadonlySet<string> {
  if (pred.kind === "const") return new Set();
  if (pred.kind === "atom") {
    const { atom, negated } = pred;
    const key =
      !negated && atom.kind === "equal" && isCallers(atom.right) && atom.left.kind === "field" ? atom.left.name : null;
    return new Set(key === null ? [] : [key]);
  }
  const parts = pred.parts.map(keysOf);
  if (pred.kind === "and") return new Set(parts.flatMap((keys) => [...keys]));
  return new Set([...(parts[0] ?? [])].filter((key) => parts.every((keys) => keys.has(key))));
}
