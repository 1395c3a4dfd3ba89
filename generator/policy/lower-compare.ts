import { parseDatetime } from "../../runtime-core/kernel/datetime.ts";
import { isValidText } from "../../runtime-core/kernel/text.ts";
import { pylonNum } from "../../runtime-core/sql/coerce.ts";
import { compareScalars } from "./evaluate.ts";
import { isCallers, isNullable, literal, type Operand, typeOf } from "./operand.ts";
import { and, atom, FALSE, not, type OrderOp, or, type Pred, TRUE } from "./pred.ts";

const FLIPPED: Readonly<Record<OrderOp, OrderOp>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** `left == right` by type. Two nulls are equal, except where one comes from the caller (D12: an ownerless row is nobody's). */
export function equal(left: Operand, right: Operand): Pred {
  if (left.kind === "absent" || right.kind === "absent") return constant(isNullLiteral(left) || isNullLiteral(right));
  if (isNullLiteral(right)) return isNull(left);
  if (isNullLiteral(left)) return isNull(right);
  if (left.kind === "literal" && right.kind === "literal")
    return constant(compareScalars("==", left.value, right.value));
  if (sameOperand(left, right)) return left.kind === "auth" ? not(isNull(left)) : TRUE;
  if (isRequiredFlag(left) && right.kind === "literal" && right.value === false) return not(equal(left, literal(true)));
  if (isRequiredFlag(right) && left.kind === "literal") return equal(right, left);
  const sides = align(left, right);
  if (sides === "never") return FALSE;
  if (sides === "incomparable") return bothNull(left, right);
  const [a, b] = isCallers(sides.left) ? [sides.right, sides.left] : [sides.left, sides.right];
  if (isForeignMember(a, b) || isForeignMember(b, a)) return FALSE;
  const same = and(...guards(a, b), atom({ kind: "equal", left: a, right: b, loose: sides.loose }));
  return a.kind === "number" || b.kind === "number" ? orNull(same, left, right) : same;
}

/** `left < right` and so on; false where a side is null. */
export function order(op: OrderOp, left: Operand, right: Operand): Pred {
  if (left.kind === "literal" && right.kind === "literal") return constant(compareScalars(op, left.value, right.value));
  if ([left, right].some((side) => typeOf(side) === "null" || typeOf(side) === "bool")) return FALSE;
  if (sameOperand(left, right)) return op.length === 1 ? FALSE : not(isNull(left));
  const sides = align(left, right);
  if (typeof sides === "string") return FALSE;
  const loose = sides.loose;
  const ordered = isCallers(sides.left)
    ? atom({ kind: "order", op: FLIPPED[op], left: sides.right, right: sides.left, loose })
    : atom({ kind: "order", op, left: sides.left, right: sides.right, loose });
  return and(...guards(sides.left, sides.right), ordered);
}

/** A bare value as a condition (dsl 2.4). Ids of callers are never empty, so theirs is only a test for null. */
export function isFilled(operand: Operand): Pred {
  switch (operand.kind) {
    case "literal":
      return constant(Boolean(operand.value));
    case "auth":
      return not(isNull(operand));
    case "now":
    case "ago":
      return TRUE;
    case "absent":
      return FALSE;
    case "field":
      if (operand.type === "bool") return equal(operand, literal(true));
      return operand.type === "datetime" ? not(isNull(operand)) : atom({ kind: "truthy", of: operand });
    default:
      return atom({ kind: "truthy", of: operand });
  }
}

export const isNull = (operand: Operand): Pred => (isNullable(operand) ? atom({ kind: "null", of: operand }) : FALSE);

type Sides = { readonly left: Operand; readonly right: Operand; readonly loose: boolean };

/**
 * Brings two sides to one type. A text is read as a number beside a number, a written one as a datetime beside a datetime.
 * `never`: the written text is no such value; `incomparable`: no value of one type equals one of the other.
 */
export function align(left: Operand, right: Operand): Sides | "never" | "incomparable" {
  const types = [typeOf(left), typeOf(right)];
  if (
    [left, right].some((side) => side.kind === "literal" && typeof side.value === "string" && !isValidText(side.value))
  )
    return "never";
  if (types.includes("unknown")) return { left, right, loose: true };
  if (types[0] === types[1]) return { left, right, loose: false };
  if (types.includes("text") && types.includes("number")) return convert(left, right, "text", asNumber);
  if (types.includes("text") && types.includes("datetime")) return convert(left, right, "text", asDatetime) ?? "never";
  return "incomparable";
}

function convert(
  left: Operand,
  right: Operand,
  from: "text",
  to: (operand: Operand) => Operand | null,
): Sides | "never" {
  const [a, b] = [typeOf(left) === from ? to(left) : left, typeOf(right) === from ? to(right) : right];
  if (a === null || b === null) return "never";
  return { left: a, right: b, loose: typeOf(a) !== typeOf(b) };
}

function asNumber(operand: Operand): Operand | null {
  if (operand.kind !== "literal") return { kind: "number", of: operand };
  const value = pylonNum(operand.value);
  return value === null ? null : literal(value);
}

function asDatetime(operand: Operand): Operand | null {
  if (operand.kind !== "literal") return operand;
  const value = parseDatetime(String(operand.value));
  return value === null ? null : literal(value, "datetime");
}

/** The caller's nullable values must be there. */
const guards = (...operands: readonly Operand[]): readonly Pred[] =>
  operands.filter((operand) => isCallers(operand)).map((operand) => not(isNull(operand)));

/** What is no number reads as null without being null: only real nulls are equal. */
const orNull = (same: Pred, left: Operand, right: Operand): Pred =>
  or(bothNull(left, right), and(not(isNull(left)), not(isNull(right)), same));

const bothNull = (left: Operand, right: Operand): Pred =>
  isCallers(left) || isCallers(right) ? FALSE : and(isNull(left), isNull(right));

const isForeignMember = (field: Operand, other: Operand): boolean =>
  field.kind === "field" &&
  field.values !== null &&
  other.kind === "literal" &&
  !field.values.includes(String(other.value));

/** Of a bool that is never null, `== false` is `!`. */
const isRequiredFlag = (operand: Operand): boolean =>
  operand.kind === "field" && operand.type === "bool" && !operand.nullable;

const isNullLiteral = (operand: Operand): boolean => operand.kind === "literal" && operand.value === null;

const sameOperand = (a: Operand, b: Operand): boolean => JSON.stringify(a) === JSON.stringify(b);

const constant = (value: boolean): Pred => (value ? TRUE : FALSE);
