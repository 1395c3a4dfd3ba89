import { datetimeOf, printDatetime } from "../../runtime-core/kernel/datetime.ts";
import {
  pylonAtMost,
  pylonEqual,
  pylonJson,
  pylonLess,
  pylonTruthy,
  type Scalar,
} from "../../runtime-core/sql/coerce.ts";
import type { PolicyAuth } from "./auth-text.ts";
import { parseDuration } from "./duration.ts";
import type { CompareOp, Expr } from "./expr.ts";

/** What the bare language sees: no schema, unknown names are null, types coerced (dsl 2.3, 2.4). */
export interface PolicyEnv {
  readonly auth: PolicyAuth;
  /** Bound to `data.*` and `existing.*`. */
  readonly record: unknown;
  readonly input: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Looks for a row; without it `exists` is always false, as in the dry run of the original. */
  readonly exists?: (entity: string, values: Readonly<Record<string, Scalar>>) => boolean;
}

export const evaluatePolicy = (expr: Expr, env: PolicyEnv): boolean => pylonTruthy(scalarOf(expr, env));

function scalarOf(expr: Expr, env: PolicyEnv): Scalar {
  switch (expr.kind) {
    case "literal":
      return expr.value;
    case "path":
      return lookUp(expr.segments, env);
    case "not":
      return !evaluatePolicy(expr.of, env);
    case "and":
      return expr.parts.every((part) => evaluatePolicy(part, env));
    case "or":
      return expr.parts.some((part) => evaluatePolicy(part, env));
    case "compare":
      return compareScalars(expr.op, scalarOf(expr.left, env), scalarOf(expr.right, env));
    case "call":
      if (expr.name === "ago") return printDatetime(datetimeOf(env.now - (parseDuration(expr.args[0] ?? "") ?? 0)));
      return env.auth.isAdmin || expr.args.some((role) => env.auth.roles.includes(role));
    case "exists": {
      const values: Record<string, Scalar> = {};
      for (const clause of expr.clauses) values[clause.field] = scalarOf(clause.value, env);
      return env.exists?.(expr.entity, values) ?? false;
    }
  }
}

function lookUp([root, ...rest]: readonly string[], env: PolicyEnv): Scalar {
  const path = rest.join(".");
  switch (root) {
    case "auth":
      return authValue(path, env.auth);
    case "data":
    case "existing":
      return rest.length === 0 ? null : pylonJson(env.record, path);
    case "input":
      return rest.length === 0 ? null : pylonJson(env.input, path);
    case "now":
      return rest.length === 0 ? printDatetime(datetimeOf(env.now)) : null;
    default:
      return null;
  }
}

/** Only these have a value in the bare language; `auth.isGuest` and `auth.roles` are null there (dsl 2.3). */
function authValue(name: string, auth: PolicyAuth): Scalar {
  if (name === "userId" || name === "user_id") return auth.userId;
  if (name === "tenantId" || name === "tenant_id") return auth.tenantId;
  return name === "isAdmin" || name === "is_admin" ? auth.isAdmin : null;
}

export function compareScalars(op: CompareOp, left: Scalar, right: Scalar): boolean {
  switch (op) {
    case "==":
      return pylonEqual(left, right);
    case "!=":
      return !pylonEqual(left, right);
    case "<":
      return pylonLess(left, right);
    case "<=":
      return pylonAtMost(left, right);
    case ">":
      return pylonLess(right, left);
    case ">=":
      return pylonAtMost(right, left);
  }
}
