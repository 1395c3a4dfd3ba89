import { isCodeName } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PolicyProblem } from "../policy/problem.ts";

/** A mistake inside a rule, at its place in the rule's literal. */
export function problemToDiagnostic(problem: PolicyProblem, key: string): Diagnostic {
  const { code, severity, message, hint, label, offset, length } = problem;
  if (!isCodeName(code)) throw new Error(`${code} is not in the table of codes`);
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(label === undefined ? {} : { label }),
    at: { key, offset, length },
  };
}
