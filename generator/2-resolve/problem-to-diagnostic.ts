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
    ...related(message, hint),
  };
}

/** "Todo has no field `ownerId`", "did you mean `userId`?": where `userId` is declared belongs into the hint. */
function related(message: string, hint: string | undefined): Pick<Diagnostic, "related"> {
  const entity = /^(\w+) has no field /.exec(message)?.[1];
  const field = /^did you mean `(\w+)`/.exec(hint ?? "")?.[1];
  const isDeclared = entity !== undefined && field !== undefined && field !== "id";
  return isDeclared ? { related: [{ at: { key: `field:${entity}.${field}` }, message: "" }] } : {};
}
