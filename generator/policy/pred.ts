import { Facts } from "./facts.ts";
import { isCallers, type Operand } from "./operand.ts";

/** A condition without parts. Nullable operands of the caller are tested apart, so inside an atom they are never null. */
export type Atom =
  | { readonly kind: "auth"; readonly name: "isAdmin" | "isGuest" }
  | { readonly kind: "role"; readonly roles: readonly string[] }
  | { readonly kind: "null"; readonly of: Operand }
  /** Not null, not empty, not zero. */
  | { readonly kind: "truthy"; readonly of: Operand }
  /** Two nulls are equal. `loose`: by the rules of dsl 2.4 instead of by type. */
  | { readonly kind: "equal"; readonly left: Operand; readonly right: Operand; readonly loose: boolean }
  /** False where either side is null. */
  | {
      readonly kind: "order";
      readonly op: OrderOp;
      readonly left: Operand;
      readonly right: Operand;
      readonly loose: boolean;
    }
  /** Some row of the entity has all these values; a null value asks for null. */
  | { readonly kind: "exists"; readonly entity: string; readonly clauses: readonly ExistsClause[] };

export type OrderOp = "<" | "<=" | ">" | ">=";

export interface ExistsClause {
  readonly field: string;
  readonly nullable: boolean;
  readonly value: Operand;
}

/** A rule with its types resolved: a formula over atoms in which `not` stands only at atoms. Two-valued. */
export type Pred =
  | { readonly kind: "const"; readonly value: boolean }
  | { readonly kind: "atom"; readonly atom: Atom; readonly negated: boolean }
  | { readonly kind: "and" | "or"; readonly parts: readonly Pred[] };

export type AtomPred = Extract<Pred, { kind: "atom" }>;

export const TRUE: Pred = { kind: "const", value: true };
export const FALSE: Pred = { kind: "const", value: false };

export const atom = (of: Atom): AtomPred => ({ kind: "atom", atom: of, negated: false });

export function not(pred: Pred): Pred {
  if (pred.kind === "const") return pred.value ? FALSE : TRUE;
  if (pred.kind === "atom") return { ...pred, negated: !pred.negated };
  return join(pred.kind === "and" ? "or" : "and", pred.parts.map(not));
}

export const and = (...parts: readonly Pred[]): Pred => join("and", parts);
export const or = (...parts: readonly Pred[]): Pred => join("or", parts);

/**
 * Joins flatly, without repeats; what an earlier part settles is taken out of the later ones (`p || (p && q)` is `p`). Never the
 * other way round: `auth.userId !== null` must stay before what relies on it.
 */
function join(kind: "and" | "or", parts: readonly Pred[]): Pred {
  const decisive = kind === "or";
  const kept = new Map<string, Pred>();
  const facts = new Facts();
  const visit = (part: Pred): boolean => {
    if (part.kind === "const") return part.value === decisive;
    if (part.kind === kind) return part.parts.some(visit);
    const reduced = decide(part, (atom) => facts.answer(atom));
    if (reduced.kind === "const" || reduced.kind === kind) return visit(reduced);
    kept.set(keyOf(reduced), reduced);
    // Whoever looks at a later part of an `or` knows that this one was false.
    if (reduced.kind === "atom") facts.add(reduced.atom, reduced.negated === decisive);
    return false;
  };
  if (parts.some(visit)) return decisive ? TRUE : FALSE;
  const [first, ...rest] = kept.values();
  if (first === undefined) return decisive ? FALSE : TRUE;
  return rest.length === 0 ? first : { kind, parts: [first, ...rest] };
}

export const keyOf = (pred: Pred): string => JSON.stringify(pred);

/** The condition needs no row. */
export function isCallersAtom(of: Atom): boolean {
  switch (of.kind) {
    case "auth":
    case "role":
      return true;
    case "null":
    case "truthy":
      return isCallers(of.of);
    case "equal":
    case "order":
      return isCallers(of.left) && isCallers(of.right);
    case "exists":
      return false;
  }
}

export function* atomsOf(pred: Pred): Generator<AtomPred> {
  if (pred.kind === "atom") yield pred;
  else if (pred.kind !== "const") for (const part of pred.parts) yield* atomsOf(part);
}

/** The formula after some of its atoms have been answered; null leaves one open. */
export function decide(pred: Pred, answer: (of: Atom) => boolean | null): Pred {
  if (pred.kind === "const") return pred;
  if (pred.kind === "atom") {
    const known = answer(pred.atom);
    return known === null ? pred : known !== pred.negated ? TRUE : FALSE;
  }
  return join(
    pred.kind,
    pred.parts.map((part) => decide(part, answer)),
  );
}
