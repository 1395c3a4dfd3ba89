import { describeAccess } from "./access.ts";
import type { Expr } from "./expr.ts";
import { Facts } from "./facts.ts";
import { lower } from "./lower.ts";
import { type Atom, atom, atomsOf, decide, FALSE, keyOf, not, or, type Pred } from "./pred.ts";
import type { PolicyScope } from "./schema.ts";
import { exprToSource } from "./source.ts";

export interface AccessChange {
  /** `changed`: neither rule implies the other, or it cannot be told. */
  readonly kind: "same" | "widened" | "narrowed" | "changed";
  readonly beforePhrase: string;
  readonly afterPhrase: string;
}

/** Conditions tried in all combinations: 4,096 of them. */
const ATOMS_MAX = 12;

/**
 * Whether a rule lets more or fewer callers to more or fewer rows than before; for the review of `--check`. Conditions are taken
 * as independent but for what `Facts` knows, so `same` and `narrowed` are never said of a rule that allows something new.
 * The rules are read against the schemas of their own time.
 */
export function compareAccess(
  before: Expr | null,
  after: Expr | null,
  scope: PolicyScope,
  scopeBefore: PolicyScope = scope,
): AccessChange {
  const kind = compareRules(ruleOf(before, scopeBefore), ruleOf(after, scope));
  const [beforePhrase, afterPhrase] = [describeAccess(before, scopeBefore).phrase, describeAccess(after, scope).phrase];
  // "owner → owner" says nothing, as when another field became the owner's: then the rules themselves are shown.
  if (kind === "same" || beforePhrase !== afterPhrase) return { kind, beforePhrase, afterPhrase };
  return { kind, beforePhrase: sourceOf(before), afterPhrase: sourceOf(after) };
}

const sourceOf = (expr: Expr | null): string => (expr === null ? "no rule" : exprToSource(expr));

function compareRules(before: Pred, after: Pred): AccessChange["kind"] {
  if (keyOf(before) === keyOf(after)) return "same";
  const atoms = new Map([...atomsOf(before), ...atomsOf(after)].map((part) => [JSON.stringify(part.atom), part.atom]));
  if (atoms.size > ATOMS_MAX) return "changed";
  const seen = { gained: false, lost: false };
  tryAll([...atoms.values()], [], (facts) => {
    const answer = (of: Atom): boolean => facts.answer(of) ?? false;
    const [was, is] = [decide(before, answer) !== FALSE, decide(after, answer) !== FALSE];
    if (is && !was) seen.gained = true;
    if (was && !is) seen.lost = true;
  });
  if (seen.gained) return seen.lost ? "changed" : "widened";
  return seen.lost ? "narrowed" : "same";
}

/** Every combination of answers that can be true together. */
function tryAll(atoms: readonly Atom[], answers: readonly boolean[], visit: (facts: Facts) => void): void {
  const facts = new Facts();
  for (const [index, holds] of answers.entries()) {
    const of = atoms[index];
    if (of === undefined) return;
    if (facts.answer(of) === !holds) return;
    facts.add(of, holds);
  }
  if (answers.length === atoms.length) visit(facts);
  else for (const holds of [false, true]) tryAll(atoms, [...answers, holds], visit);
}

/** Admins pass every rule, and a role is one condition wherever it is named. */
function ruleOf(expr: Expr | null, scope: PolicyScope): Pred {
  if (expr === null) return FALSE;
  const withoutAdmin = decide(lower(expr, scope), (of) => (of.kind === "auth" && of.name === "isAdmin" ? false : null));
  return singleRoles(withoutAdmin);
}

function singleRoles(pred: Pred): Pred {
  if (pred.kind === "const") return pred;
  if (pred.kind !== "atom") return { ...pred, parts: pred.parts.map(singleRoles) };
  if (pred.atom.kind !== "role" || pred.atom.roles.length === 1) return pred;
  const any = or(...pred.atom.roles.map((role) => atom({ kind: "role", roles: [role] })));
  return pred.negated ? not(any) : any;
}
