import type { Origin } from "../ir/origin.ts";
import type { CodeName } from "./codes.ts";

export type Severity = "error" | "warning" | "info";

/** A user's mistake, as a value. Collected by every pass, never thrown. Drawn by `report`. */
export interface Diagnostic {
  readonly code: CodeName;
  readonly severity: Severity;
  readonly message: string;
  /** What to do next, one line. */
  readonly hint?: string;
  /** Label under the marked text in the code frame. */
  readonly label?: string;
  readonly at: Origin;
  readonly related?: readonly { readonly at: Origin; readonly message: string }[];
}
