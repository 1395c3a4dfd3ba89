import { didYouMean, suggest } from "../diagnostics/suggest.ts";
import type { CheckState } from "./check.ts";
import type { Expr } from "./expr.ts";
import type { PolicyProblem } from "./problem.ts";
import { entityField, fieldOf, type PolicyField, type Root, rootOf } from "./schema.ts";

export const AUTH_NAMES: readonly string[] = [
  "userId",
  "user_id",
  "isAdmin",
  "is_admin",
  "tenantId",
  "tenant_id",
  "isGuest",
  "is_guest",
];
const ROOT_NAMES = ["auth", "data", "next", "existing", "record", "input", "now", "true", "false", "null"];

type Path = Extract<Expr, { kind: "path" }>;
type Found = Pick<PolicyProblem, "code" | "message" | "hint" | "label" | "severity"> & { readonly part?: number };

/** False when the path names nothing. */
export function checkPath(path: Path, state: CheckState): boolean {
  const found = problemOf(path.segments, state);
  if (found === null) return true;
  const { part = 0, ...problem } = found;
  const before = path.segments.slice(0, part).reduce((sum, segment) => sum + segment.length + 1, 0);
  const length = path.segments.slice(part).join(".").length;
  state.report({ ...problem, offset: path.span.offset + before, length: Math.max(1, length) });
  return false;
}

function problemOf(segments: readonly string[], state: CheckState): Found | null {
  const [first = "", ...rest] = segments;
  if (first === "now") return rest.length === 0 ? null : unknownName("`now` has no parts");
  if (first === "auth") return authProblem(rest);
  const root = rootOf(first);
  if (root === undefined) return rootProblem(segments.join("."), first, state);
  return usageProblem(root, first, state) ?? fieldProblem(root, first, rest, state);
}

function authProblem(rest: readonly string[]): Found | null {
  const name = rest.join(".");
  if (AUTH_NAMES.includes(name)) return null;
  if (name === "") return unknownName("`auth` is the caller, not a value", "name a part, such as `auth.userId`");
  const hint = /^roles?$/.test(name) ? 'write `auth.hasRole("…")`' : didYouMean(name, AUTH_NAMES);
  return unknownName(`\`auth\` has no \`${name}\``, hint ?? "known are userId, tenantId, isAdmin and isGuest", 1);
}

function rootProblem(written: string, first: string, state: CheckState): Found {
  if (written === "undefined") return unknownName("`undefined` is not a value of rules", "write `null`");
  const field = entityField(state.scope.entity, first);
  if (field !== undefined)
    return unknownName(`\`${written}\` is not a name of the policy language`, `write \`data.${written}\``);
  const near = suggest(first, ROOT_NAMES);
  const hint = near === null ? "rules know auth, data, next, now and literals" : `did you mean \`${near}\`?`;
  return unknownName(`\`${written}\` is not a name of the policy language`, hint);
}

/** The root is known, but has no value in this kind of rule. */
function usageProblem(root: Root, name: string, { context }: CheckState): Found | null {
  if (root === "input" && context.operation !== "action") {
    const message = "`input` has a value only in the rule of an action";
    return {
      ...unsupported(message, "the row is `data`, the row after the write `next`"),
      severity: context.compat ? "warning" : "error",
    };
  }
  if (root !== "input" && context.operation === "action")
    return unsupported(`\`${name}\` has no value in the rule of an action`, "an action sees `auth` and `input`");
  if (root === "next" && context.operation !== "insert" && context.operation !== "update")
    return unsupported("`next` is the row after a write: only insert and update rules have it", "write `data`");
  return null;
}

function fieldProblem(
  root: Root,
  rootName: string,
  [name, ...path]: readonly string[],
  state: CheckState,
): Found | null {
  const { entity, inputs = [] } = state.scope;
  const owner = root === "input" ? "the action" : (entity?.name ?? "");
  if (name === undefined)
    return unknownName(`\`${rootName}\` is a row, not a value`, `name a field, such as \`${rootName}.id\``);
  const field = fieldOf(state.scope, root, name);
  if (field === undefined) {
    const names = (root === "input" ? inputs : [...(entity?.fields ?? []), { name: "id" }]).map((each) => each.name);
    return {
      ...unknownField(`${owner} has no ${root === "input" ? "input" : "field"} \`${name}\``, didYouMean(name, names)),
      label: `not declared on ${owner}`,
      part: 1,
    };
  }
  if (field.type.kind === "vector")
    return { ...unsupported(`\`${name}\` is a vector: rules cannot compare it`), part: 1 };
  return path.length === 0 || field.type.kind === "json" ? null : noParts(field);
}

const noParts = (field: PolicyField): Found => ({
  ...unknownField(
    `\`${field.name}\` is ${/^[aeiou]/.test(field.type.kind) ? "an" : "a"} ${field.type.kind}: it has no parts`,
    field.type.kind === "id"
      ? `rules see the row alone; for the ${field.type.target} write \`exists(${field.type.target} where …)\``
      : undefined,
  ),
  part: 1,
});

const unknownName = (message: string, hint?: string, part = 0): Found => ({
  code: "POLICY_UNKNOWN_NAME",
  severity: "error",
  message,
  hint,
  part,
});
const unknownField = (message: string, hint?: string): Found => ({
  code: "POLICY_UNKNOWN_FIELD",
  severity: "error",
  message,
  hint,
});
const unsupported = (message: string, hint?: string): Found => ({
  code: "POLICY_UNSUPPORTED",
  severity: "error",
  message,
  hint,
});
