import type { RuleIr } from "../../ir/app.ts";
import { jsOperand } from "../../policy/js-operand.ts";
import { lower } from "../../policy/lower.ts";
import { typeOf } from "../../policy/operand.ts";
import { type Atom, atomsOf, type ExistsClause } from "../../policy/pred.ts";
import type { PolicyScope } from "../../policy/schema.ts";

/** A statement that a rule's `exists` asks in JavaScript, as a constant of the module. */
export interface Lookup {
  readonly constant: string;
  readonly sql: string;
}

/** `exists` of a rule, printed as one constant statement a shape: `exists(on, HAS_MEMBER_ORG_ID_USER_ID, [row.orgId, auth.userId])`. */
export function printLookups(
  rule: RuleIr,
  scope: PolicyScope,
  text: string,
): { readonly text: string; readonly lookups: readonly Lookup[] } {
  const lookups: Lookup[] = [];
  let printed = text;
  for (const { atom } of atomsOf(lower(rule.expr, scope))) {
    if (atom.kind !== "exists") continue;
    const lookup = lookupOf(atom);
    lookups.push(lookup);
    const args = atom.clauses.filter((clause) => !isNullLiteral(clause)).map(argument);
    printed = printed.replaceAll(asPrinted(atom), `exists(on, ${lookup.constant}, [${args.join(", ")}])`);
  }
  // In a chain an awaited operand stands in parentheses, as formatters write it.
  const isAlone = /^await exists\([^()]*\)$/.test(printed);
  return {
    text: isAlone ? printed : printed.replace(/(?<!\()await (exists\(on, \w+, \[.*?\]\))/g, "(await $1)"),
    lookups,
  };
}

type Exists = Extract<Atom, { kind: "exists" }>;

const isNullLiteral = ({ value }: ExistsClause): boolean => value.kind === "literal" && value.value === null;

/** The text that `toJs` gives for the atom. */
const asPrinted = (atom: Exists): string =>
  `has(${JSON.stringify(atom.entity)}, { ${atom.clauses.map(({ field, value }) => `${field}: ${jsOperand(value)}`).join(", ")} })`;

function argument({ value }: ExistsClause): string {
  const text = jsOperand(value);
  if (value.kind === "literal" && typeof value.value === "boolean") return value.value ? "1" : "0";
  return typeOf(value) === "bool" ? `bit(${text})` : text;
}

function lookupOf(atom: Exists): Lookup {
  const words = [
    atom.entity,
    ...atom.clauses.map((clause) => (isNullLiteral(clause) ? `no ${clause.field}` : clause.field)),
  ];
  const conditions = atom.clauses.map((clause) => {
    const column = `"${clause.field}"`;
    if (isNullLiteral(clause)) return `${column} IS NULL`;
    // A row's null asks for null, which `IS` finds by the same index as `=`.
    const mayAskNull = clause.nullable && clause.value.kind === "field" && clause.value.nullable;
    return `${column} ${mayAskNull ? "IS" : "="} ?`;
  });
  return {
    constant: `HAS_${words.map(upperSnake).join("_")}`,
    sql: `SELECT 1 FROM "${atom.entity}" WHERE ${conditions.join(" AND ")} LIMIT 1`,
  };
}

const upperSnake = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
