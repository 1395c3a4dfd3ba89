import { z } from "zod";
import type { PolicyAuth } from "./auth-text.ts";
import { evaluatePolicy } from "./evaluate.ts";
import { parsePolicy } from "./parse.ts";

/** The table of `policy test --cases`: expression, caller, row, input and the expected answer; a case without an id goes by its place. */
const CaseTable = z.object({
  cases: z.array(
    z.object({
      id: z.string().optional(),
      expr: z.string(),
      auth: z
        .object({
          userId: z.string().nullable(),
          tenantId: z.string().nullable(),
          isAdmin: z.boolean(),
          isGuest: z.boolean(),
          roles: z.array(z.string()),
        })
        .partial()
        .default({}),
      record: z.unknown().optional(),
      input: z.unknown().optional(),
      expected: z.enum(["allow", "deny", "error"]),
    }),
  ),
});

export type PolicyAnswer = { readonly result: "allow" | "deny"; readonly reason?: string };

export interface CaseResult {
  readonly id: string;
  readonly expr: string;
  readonly expected: "allow" | "deny" | "error";
  readonly actual: "allow" | "deny" | "error";
  readonly passed: boolean;
}

/** Answers one rule of the bare language. A rule that does not parse denies, with the reason. `now` in milliseconds. */
export function testOne(source: string, auth: PolicyAuth, record: unknown, input: unknown, now: number): PolicyAnswer {
  const parsed = parsePolicy(source);
  if (!parsed.ok) return { result: "deny", reason: parsed.problem.message };
  if (evaluatePolicy(parsed.expr, { auth, record, input, now })) return { result: "allow" };
  return { result: "deny", reason: "the rule does not hold" };
}

/** Runs every case of a table given as JSON text. Throws `SyntaxError` or `ZodError` when the text is no such table. */
export function testCases(text: string, now: number): readonly CaseResult[] {
  return CaseTable.parse(JSON.parse(text)).cases.map(({ id, expr, auth, record, input, expected }, index) => {
    const caller = { userId: null, tenantId: null, isAdmin: false, isGuest: false, roles: [], ...auth };
    const actual = parsePolicy(expr).ok ? testOne(expr, caller, record, input, now).result : "error";
    return { id: id ?? `#${index + 1}`, expr, expected, actual, passed: actual === expected };
  });
}
