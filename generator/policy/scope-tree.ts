import type { DialectName } from "../../runtime-core/sql/dialect.ts";
import type { Expr } from "./expr.ts";
import { lower } from "./lower.ts";
import { type Atom, type AtomPred, atomsOf, decide, FALSE, isCallersAtom, keyOf, type Pred, TRUE } from "./pred.ts";
import type { PolicyScope } from "./schema.ts";
import type { Scope, ScopeTree } from "./scope.ts";
import { helpersIn, needsOf, operandsOf, printJs } from "./to-js.ts";
import { toSql } from "./to-sql.ts";

/** Six conditions of the caller, each independent of the others, give 64 leaves; a rule that needs more is `POLICY_TOO_WIDE`. */
const LEAVES_MAX = 64;

export interface ScopePlan {
  readonly tree: ScopeTree;
  /** Its leaves, each once, in the order of first use: what the emitter makes statements of. */
  readonly scopes: readonly Extract<Scope, { kind: "where" }>[];
  /** More leaves than a person would read; the tree denies then, and `checkPolicy` has reported `POLICY_TOO_WIDE`. */
  readonly tooWide: boolean;
  /** The rule names `next`: only JavaScript, with both rows at hand, can decide it; the tree denies. */
  readonly needsNext: boolean;
  /** A test or an argument reads `now`. */
  readonly now: boolean;
  /** Functions that tests and arguments call, sorted, as in `toJs`. */
  readonly helpers: readonly string[];
}

const NONE: ScopeTree = { kind: "leaf", scope: { kind: "none" } };
const ALL: ScopeTree = { kind: "leaf", scope: { kind: "all" } };

/**
 * Decides first what needs only the caller (D11), so that each statement holds row conditions alone. An admin is let
 * through before by whoever prints the tree: `auth.isAdmin` is false in here.
 */
export function scopeTree(expr: Expr, scope: PolicyScope, dialect: DialectName): ScopePlan {
  const pred = lower(expr, scope);
  const needsNext = needsOf(pred, "").next;
  const split = needsNext ? null : splitCaller(pred);
  if (split === null) return { tree: NONE, scopes: [], tooWide: !needsNext, needsNext, now: false, helpers: [] };
  const names = new Names(scope.entity?.name ?? "", dialect);
  const tree = printTree(split, names);
  const texts = textsOf(tree);
  return {
    tree,
    scopes: names.scopes,
    tooWide: false,
    needsNext,
    now: texts.some((text) => /\bnow\b/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ""))),
    helpers: helpersIn(texts.join(" ")),
  };
}

type Split = { readonly leaf: Pred } | { readonly test: AtomPred; readonly yes: Split; readonly no: Split };

/** Null when the rule needs too many leaves. */
export function splitCaller(pred: Pred): Split | null {
  let leaves = 0;
  const split = (open: Pred): Split => {
    const test = bestTest(open);
    if (test === null) {
      leaves += 1;
      return { leaf: open };
    }
    if (leaves > LEAVES_MAX) return { leaf: FALSE };
    const whenTrue = split(assume(open, test));
    const whenFalse = split(assume(open, { ...test, negated: !test.negated }));
    return JSON.stringify(whenTrue) === JSON.stringify(whenFalse) ? whenTrue : { test, yes: whenTrue, no: whenFalse };
  };
  const whole = split(decide(pred, (atom) => (atom.kind === "auth" && atom.name === "isAdmin" ? false : null)));
  return leaves > LEAVES_MAX ? null : whole;
}

const assume = (pred: Pred, test: AtomPred): Pred => {
  const key = JSON.stringify(test.atom);
  return decide(pred, (atom: Atom) => (JSON.stringify(atom) === key ? !test.negated : null));
};

/**
 * The caller's condition after which least is left to decide; the first written among equals. A value that can be null
 * is compared only once it has been tested for null.
 */
function bestTest(pred: Pred): AtomPred | null {
  const tests = [...atomsOf(pred)].filter(({ atom }) => isCallersAtom(atom));
  const untested = new Set(tests.flatMap(({ atom }) => (atom.kind === "null" ? [JSON.stringify(atom.of)] : [])));
  let best: { test: AtomPred; size: number } | null = null;
  for (const test of tests) {
    const { atom } = test;
    if (atom.kind !== "null" && operandsOf(atom).some((operand) => untested.has(JSON.stringify(operand)))) continue;
    const size = keyOf(assume(pred, test)).length + keyOf(assume(pred, { ...test, negated: !test.negated })).length;
    if (best === null || size < best.size) best = { test, size };
  }
  return best?.test ?? null;
}

function printTree(split: Split, names: Names): ScopeTree {
  if ("test" in split)
    return {
      kind: "if",
      test: printJs(split.test),
      // biome-ignore lint/suspicious/noThenProperty: the name of the branch in `ScopeTree`; nobody awaits one.
      then: printTree(split.yes, names),
      else: printTree(split.no, names),
    };
  if (split.leaf === FALSE) return NONE;
  return split.leaf === TRUE ? ALL : { kind: "leaf", scope: names.scopeOf(split.leaf) };
}

/** Gives each distinct condition one short name. */
class Names {
  readonly scopes: Extract<Scope, { kind: "where" }>[] = [];
  readonly #target: { readonly table: string; readonly dialect: DialectName };

  constructor(table: string, dialect: DialectName) {
    this.#target = { table, dialect };
  }

  scopeOf(pred: Pred): Scope {
    const { sql, args, keys } = toSql(pred, this.#target);
    const known = this.scopes.find((scope) => scope.sql === sql && scope.args.join() === args.join());
    if (known !== undefined) return known;
    const wanted = wellKnownName(pred);
    const taken = wanted === null || this.scopes.some((scope) => scope.name === wanted);
    const scope = { kind: "where" as const, name: taken ? `scope${this.scopes.length + 1}` : wanted, sql, args, keys };
    this.scopes.push(scope);
    return scope;
  }
}

function wellKnownName(pred: Pred): "own" | "tenant" | null {
  if (pred.kind !== "atom" || pred.negated || pred.atom.kind !== "equal" || pred.atom.right.kind !== "auth")
    return null;
  return pred.atom.right.name === "userId" ? "own" : "tenant";
}

function textsOf(tree: ScopeTree): readonly string[] {
  if (tree.kind === "if") return [tree.test, ...textsOf(tree.then), ...textsOf(tree.else)];
  return tree.scope.kind === "where" ? tree.scope.args : [];
}
