import { parseDuration } from "./duration.ts";
import type { CompareOp, Expr } from "./expr.ts";
import { equal, isFilled, order } from "./lower-compare.ts";
import { type Lowered, lowerExists } from "./lower-exists.ts";
import { fieldOperand, literal, type Operand, valueType } from "./operand.ts";
import { and, atom, FALSE, not, or, type Pred } from "./pred.ts";
import { fieldOf, type PolicyScope, rootOf } from "./schema.ts";

/** A rule against its schema. What `check` refuses (unknown names, other types) is absent or false here, which equals nothing. */
export function lower(expr: Expr, scope: PolicyScope): Pred {
  switch (expr.kind) {
    case "not":
      return not(lower(expr.of, scope));
    case "and":
      return and(...expr.parts.map((part) => lower(part, scope)));
    case "or":
      return or(...expr.parts.map((part) => lower(part, scope)));
    case "exists":
      return lowerExists(expr, scope, lowerValue);
    default: {
      const value = lowerValue(expr, scope);
      return value.kind === "pred" ? value.pred : isFilled(value.operand);
    }
  }
}

export function lowerValue(expr: Expr, scope: PolicyScope): Lowered {
  switch (expr.kind) {
    case "literal":
      return operand(literal(expr.value));
    case "path":
      return lowerPath(expr.segments, scope);
    case "compare":
      return pred(compare(expr.op, lowerValue(expr.left, scope), lowerValue(expr.right, scope)));
    case "call":
      return expr.name === "ago"
        ? operand({ kind: "ago", ms: parseDuration(expr.args[0] ?? "") ?? 0 })
        : pred(atom({ kind: "role", roles: expr.args }));
    default:
      return pred(lower(expr, scope));
  }
}

export function compare(op: CompareOp, left: Lowered, right: Lowered): Pred {
  if (op === "!=") return not(compare("==", left, right));
  if (left.kind === "operand" && right.kind === "operand")
    return op === "==" ? equal(left.operand, right.operand) : order(op, left.operand, right.operand);
  return op === "==" ? equalConditions(left, right) : FALSE;
}

/** A condition compared with something: `(data.a == 1) == true`, `auth.isAdmin == data.flag`. Only a bool can be equal. */
function equalConditions(left: Lowered, right: Lowered): Pred {
  const [yesLeft, noLeft] = outcomes(left);
  const [yesRight, noRight] = outcomes(right);
  return or(and(yesLeft, yesRight), and(noLeft, noRight));
}

const outcomes = (value: Lowered): readonly [Pred, Pred] =>
  value.kind === "pred"
    ? [value.pred, not(value.pred)]
    : [equal(value.operand, literal(true)), equal(value.operand, literal(false))];

function lowerPath([first = "", ...rest]: readonly string[], scope: PolicyScope): Lowered {
  if (first === "now" && rest.length === 0) return operand({ kind: "now" });
  if (first === "auth") return lowerAuth(rest.join("."));
  const root = rootOf(first);
  const [name, ...path] = rest;
  const field = root === undefined || name === undefined ? undefined : fieldOf(scope, root, name);
  if (root === undefined || field === undefined) return operand({ kind: "absent" });
  if (valueType(field.type) === "unknown")
    return operand({ kind: "json", root, name: field.name, path: path.join(".") });
  return operand(path.length === 0 && field.type.kind !== "vector" ? fieldOperand(root, field) : { kind: "absent" });
}

function lowerAuth(name: string): Lowered {
  switch (name) {
    case "userId":
    case "user_id":
      return operand({ kind: "auth", name: "userId" });
    case "tenantId":
    case "tenant_id":
      return operand({ kind: "auth", name: "tenantId" });
    case "isAdmin":
    case "is_admin":
      return pred(atom({ kind: "auth", name: "isAdmin" }));
    case "isGuest":
    case "is_guest":
      return pred(atom({ kind: "auth", name: "isGuest" }));
    default:
      return operand({ kind: "absent" });
  }
}

const operand = (of: Operand): Lowered => ({ kind: "operand", operand: of });
const pred = (of: Pred): Lowered => ({ kind: "pred", pred: of });
