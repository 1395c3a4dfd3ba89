import type { Severity } from "../diagnostics/diagnostic.ts";

/** A mistake in a rule. `offset` and `length` are UTF-16 units of the rule's text; whoever holds its origin makes a `Diagnostic` of it. */
export interface PolicyProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  /** Label under the marked text. */
  readonly label?: string;
  readonly offset: number;
  readonly length: number;
}

/** Ends the parse at the first mistake; caught by `parsePolicy` and nowhere else. */
export class PolicySyntaxError extends Error {
  readonly problem: PolicyProblem;
  constructor(message: string, span: { offset: number; length: number }, more: { hint?: string; label?: string } = {}) {
    super(message);
    this.name = "PolicySyntaxError";
    this.problem = { code: "POLICY_SYNTAX", severity: "error", message, ...more, ...span };
  }
}
