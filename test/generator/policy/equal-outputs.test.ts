import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { lower } from "../../../generator/policy/lower.ts";
import { type Atom, decide, isCallersAtom, type Pred } from "../../../generator/policy/pred.ts";
import { scopeTree } from "../../../generator/policy/scope-tree.ts";
import { toJs } from "../../../generator/policy/to-js.ts";
import { toSql } from "../../../generator/policy/to-sql.ts";
import type { Auth } from "../../../runtime-core/kernel/auth.ts";
import { chosenScope, holdsForCaller, matching, Tables } from "./compiled.ts";
import { auths, exprOf, SCOPE, sources } from "./sample.ts";

const folder = mkdtempSync(join(tmpdir(), "policy-"));
const tables = new Tables(join(folder, "rules.db"), 7);
afterAll(() => {
  tables.db.close();
  rmSync(folder, { recursive: true });
});

const TARGET = { table: "Note", dialect: "sqlite" } as const;

/** What is left for the database once this caller is known; tests for null come first, as what follows relies on them. */
function callerDecided(pred: Pred, auth: Auth): Pred {
  const answered = (nullsOnly: boolean) => (atom: Atom) =>
    isCallersAtom(atom) && (!nullsOnly || atom.kind === "null")
      ? holdsForCaller({ kind: "atom", atom, negated: false }, auth)
      : null;
  return decide(decide(pred, answered(true)), answered(false));
}

test("a rule allows the same rows in JavaScript, in SQL and by its scope tree", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(sources, auths, async (source, auth) => {
      const expr = exprOf(source);
      const inJs = await matching(toJs(expr, SCOPE).text, auth, tables.notes, tables.has);
      const { sql, args } = toSql(callerDecided(lower(expr, SCOPE), auth), TARGET);
      expect(tables.select(sql, args, auth)).toEqual(inJs);
      const plan = scopeTree(expr, SCOPE, "sqlite");
      if (plan.tooWide) return;
      const scope = chosenScope(plan.tree, auth);
      const byTree =
        scope.kind === "none"
          ? []
          : tables.select(
              ...(scope.kind === "all" ? (["1 = 1", []] as const) : ([scope.sql, scope.args] as const)),
              auth,
            );
      expect(byTree).toEqual(inJs);
      for (const { sql: leaf } of plan.scopes)
        expect(leaf).not.toMatch(/\(\? OR|(?:OR|AND) \?|^\? |IS NOT DISTINCT FROM \?/);
    }),
    { numRuns: Number(process.env.POLICY_RUNS ?? 1500) },
  );
});

test("control: an emitter that puts NOT above a nullable comparison is caught", async () => {
  const wrong = (pred: Pred): { sql: string; args: readonly string[] } => {
    if (pred.kind !== "atom" || !pred.negated) return toSql(pred, TARGET);
    const { sql, args } = toSql({ ...pred, negated: false }, TARGET);
    return { sql: `NOT (${sql})`, args };
  };
  const property = fc.asyncProperty(sources, auths, async (source, auth) => {
    const expr = exprOf(source);
    const { sql, args } = wrong(callerDecided(lower(expr, SCOPE), auth));
    expect(tables.select(sql, args, auth)).toEqual(
      await matching(toJs(expr, SCOPE).text, auth, tables.notes, tables.has),
    );
  });
  const { failed } = await fc.check(property, { numRuns: 1500, endOnFailure: true });
  expect(failed).toBe(true);
});
