import type { Expr } from "./expr.ts";
import { lower } from "./lower.ts";
import { type Atom, atomsOf, decide, FALSE, type Pred } from "./pred.ts";
import { predToSource } from "./pred-to-source.ts";
import type { PolicyScope } from "./schema.ts";
import { exprToSource } from "./source.ts";

/** `no`, `yes`, or `rows where …`. */
export type Access = string;

export interface AccessView {
  readonly anonymous: Access;
  readonly guest: Access;
  /** Signed in, with a tenant where the rule asks for one, without roles. */
  readonly user: Access;
  /** A signed-in user with one role, for each role that the rule names, sorted. */
  readonly roles: readonly { readonly role: string; readonly access: Access }[];
  readonly admin: Access;
  /** `nobody`, `admins`, `role editor`, `owner`, `members of the tenant`, `any signed-in user`, `anyone`, or the rule itself. */
  readonly phrase: string;
}

interface CallerClass {
  readonly signedIn: boolean;
  readonly isGuest: boolean;
  readonly tenant: boolean;
  readonly role: string | null;
}

const ANONYMOUS: CallerClass = { signedIn: false, isGuest: false, tenant: false, role: null };
const GUEST: CallerClass = { signedIn: true, isGuest: true, tenant: false, role: null };
const USER: CallerClass = { signedIn: true, isGuest: false, tenant: true, role: null };

/** Who may do what a rule guards, for access.md and reviews. Null is no rule: denied to all but admins. */
export function describeAccess(expr: Expr | null, scope: PolicyScope): AccessView {
  const pred = expr === null ? FALSE : lower(expr, scope);
  const left = (caller: CallerClass): Pred => decide(pred, (atom) => answerFor(caller, atom));
  const access = (caller: CallerClass): Access => accessText(left(caller));
  const roles = rolesOf(pred).map((role) => ({ role, access: access({ ...USER, role }) }));
  return {
    anonymous: access(ANONYMOUS),
    guest: access(GUEST),
    user: access(USER),
    roles,
    admin: "yes",
    phrase: phraseOf(expr, left(ANONYMOUS), left(GUEST), left(USER), roles),
  };
}

/** What a class of callers settles by itself; null where the row or the very caller decides. */
function answerFor(caller: CallerClass, atom: Atom): boolean | null {
  switch (atom.kind) {
    case "auth":
      return atom.name === "isGuest" ? caller.isGuest : false;
    case "role":
      return caller.role !== null && atom.roles.includes(caller.role);
    case "null":
      if (atom.of.kind !== "auth") return null;
      return atom.of.name === "userId" ? !caller.signedIn : !caller.tenant;
    default:
      return null;
  }
}

function accessText(left: Pred): Access {
  if (left.kind === "const") return left.value ? "yes" : "no";
  return `rows where ${predToSource(left)}`;
}

export const rolesOf = (pred: Pred): readonly string[] =>
  [...new Set([...atomsOf(pred)].flatMap(({ atom }) => (atom.kind === "role" ? atom.roles : [])))].sort();

function phraseOf(expr: Expr | null, anonymous: Pred, guest: Pred, user: Pred, roles: AccessView["roles"]): string {
  if (expr === null || (expr.kind === "literal" && expr.value !== true)) return "nobody";
  if (holds(anonymous) && holds(guest) && holds(user)) return "anyone";
  const source = exprToSource(expr);
  if (!fails(anonymous)) return source;
  const withRoles = roles.every(({ access }) => access === "yes") ? roles.map(({ role }) => `role ${role}`) : null;
  const phrase = phraseOfUser(guest, user);
  if (withRoles === null)
    return phrase !== null && roles.every(({ access }) => access === accessText(user)) ? phrase : source;
  if (phrase === null) return source;
  if (phrase === "admins" && withRoles.length > 0) return withRoles.join(" or ");
  return holds(user) ? phrase : [phrase, ...withRoles].join(" or ");
}

/** For callers without roles; null where only the rule itself says it. */
function phraseOfUser(guest: Pred, user: Pred): string | null {
  if (holds(user)) return holds(guest) ? "any signed-in user" : fails(guest) ? "any signed-in user but guests" : null;
  if (fails(user)) return fails(guest) ? "admins" : null;
  if (user.kind !== "atom" || user.negated || user.atom.kind !== "equal" || user.atom.right.kind !== "auth")
    return null;
  return user.atom.right.name === "userId" ? "owner" : "members of the tenant";
}

const holds = (pred: Pred): boolean => pred.kind === "const" && pred.value;
const fails = (pred: Pred): boolean => pred.kind === "const" && !pred.value;
