import { isValidText } from "../../runtime-core/kernel/text.ts";
import { pylonNum } from "../../runtime-core/sql/coerce.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { CheckState } from "./check.ts";
import type { Expr } from "./expr.ts";
import { compare, lowerValue } from "./lower.ts";
import type { Lowered } from "./lower-exists.ts";
import { type FieldOperand, type Operand, typeOf, type ValueType } from "./operand.ts";

type Comparison = Extract<Expr, { kind: "compare" }>;

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  text: "a string",
  number: "a number",
  bool: "a bool",
  datetime: "a datetime",
  unknown: "JSON",
  null: "null",
};

const loweredType = (side: Lowered): ValueType => (side.kind === "pred" ? "bool" : typeOf(side.operand));

/** Types of both sides, and whether the comparison can come out both ways. */
export function checkComparison(expr: Comparison, state: CheckState): void {
  const left = lowerValue(expr.left, state.scope);
  const right = lowerValue(expr.right, state.scope);
  const constant = constantProblem(expr, left, right);
  if (constant !== null) {
    // `!=` of what is never equal always holds; an ordering of such values never does.
    const always = expr.op === "!=" ? !constant.holds : constant.holds;
    state.report({
      code: always ? "POLICY_ALWAYS_TRUE" : "POLICY_ALWAYS_FALSE",
      severity: always ? "warning" : "error",
      message: `this comparison is always ${always}: ${constant.why}`,
      hint: constant.hint,
      ...expr.span,
    });
    return;
  }
  if (left.kind === "pred" || right.kind === "pred") return;
  const looseTypes = mixedTypes(left.operand, right.operand);
  if (looseTypes !== null)
    state.report({
      code: "POLICY_TYPE",
      severity: state.context.compat ? "warning" : "error",
      message: `${looseTypes} are compared`,
      hint: "compare values of one type",
      ...expr.span,
    });
  if (expr.op === "==") checkNullOwner(expr, left.operand, right.operand, state);
}

interface Constant {
  /** What `==` (or the ordering itself) comes out as. */
  readonly holds: boolean;
  readonly why: string;
  readonly hint?: string;
}

function constantProblem(expr: Comparison, left: Lowered, right: Lowered): Constant | null {
  const types = [loweredType(left), loweredType(right)] as const;
  const ordering = expr.op !== "==" && expr.op !== "!=";
  if (ordering && types.includes("bool")) return { holds: false, why: "a bool has no order" };
  if (ordering && types.includes("null")) return { holds: false, why: "null has no order" };
  if (neverEqual(types)) return { holds: false, why: `${TYPE_NAMES[types[0]]} never equals ${TYPE_NAMES[types[1]]}` };
  const pred = compare(ordering ? expr.op : "==", left, right);
  if (pred.kind !== "const") return null;
  const known = left.kind === "operand" && right.kind === "operand" ? whyConstant(left.operand, right.operand) : null;
  return { holds: pred.value, ...(known ?? { why: "it does not depend on the row or the caller" }) };
}

const CONVERTIBLE: readonly string[] = ["text number", "number text", "text datetime", "datetime text"];

const neverEqual = ([a, b]: readonly [ValueType, ValueType]): boolean =>
  a !== b && ![a, b].some((type) => type === "unknown" || type === "null") && !CONVERTIBLE.includes(`${a} ${b}`);

function whyConstant(left: Operand, right: Operand): { readonly why: string; readonly hint?: string } | null {
  const [written, other] = left.kind === "literal" ? [left, right] : [right, left];
  if (written.kind !== "literal" || other.kind === "literal")
    return left.kind === "literal" ? null : { why: "both sides are the same" };
  if (written.value === null)
    return {
      why: `\`${nameOf(other)}\` is never null`,
      hint: other.kind === "field" ? "its field is required" : undefined,
    };
  const text = String(written.value);
  if (!isValidText(text)) return { why: "no stored text holds that character" };
  if (typeOf(other) === "number" && pylonNum(written.value) === null) return { why: `"${text}" is not a number` };
  if (typeOf(other) === "datetime")
    return { why: `"${text}" is not a datetime`, hint: "write RFC 3339 with an offset, such as 2026-01-31T00:00:00Z" };
  return other.kind === "field" ? foreignMember(other, text) : null;
}

function foreignMember(field: FieldOperand, text: string): { readonly why: string; readonly hint?: string } | null {
  if (field.values === null) return null;
  const hint =
    didYouMean(text, field.values) ?? `its values are ${field.values.map((value) => `"${value}"`).join(", ")}`;
  return { why: `"${text}" is not a value of \`${field.name}\``, hint };
}

const nameOf = (operand: Operand): string =>
  operand.kind === "field" ? operand.name : operand.kind === "auth" ? `auth.${operand.name}` : "it";

/** "a string and a number", or null when the types fit. */
function mixedTypes(left: Operand, right: Operand): string | null {
  const [a, b] = [typeOf(left), typeOf(right)];
  if (!CONVERTIBLE.includes(`${a} ${b}`)) return null;
  const isWrittenDatetime = [left, right].some((side) => side.kind === "literal") && [a, b].includes("datetime");
  return isWrittenDatetime ? null : `${TYPE_NAMES[a]} and ${TYPE_NAMES[b]}`;
}

/** D12: the original lets an anonymous caller have every row without an owner; here such a row is nobody's. */
function checkNullOwner(expr: Comparison, left: Operand, right: Operand, state: CheckState): void {
  const [caller, field] = left.kind === "auth" ? [left, right] : [right, left];
  if (caller.kind !== "auth" || field.kind !== "field" || !field.nullable) return;
  state.report({
    code: "POLICY_NULL_OWNER",
    severity: "warning",
    message: `\`${field.name}\` may be null: such a row equals no caller, an anonymous one included`,
    hint: `make \`${field.name}\` required, or add what holds for null, such as \`|| data.${field.name} == null\``,
    label: "optional",
    ...expr.span,
  });
}
