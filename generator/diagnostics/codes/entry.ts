import type { Severity } from "../diagnostic.ts";

/** What `pylon explain CODE` and docs/errors.md say about one compile-time code. */
export interface CodeEntry {
  /** The severity it has unless a check or `--strict` says otherwise. */
  readonly severity: Severity;
  /** One line, no full stop. */
  readonly title: string;
  /** Why this is a problem. */
  readonly text: string;
  /** What to do; also the last line of a message that has no hint of its own. */
  readonly advice: string;
  /** A line or two of app.ts that provokes it, and the same put right. */
  readonly bad: string;
  readonly good: string;
}

/** A code that a running server answers with. */
export interface RuntimeCodeEntry {
  readonly status: number;
  readonly text: string;
  readonly advice: string;
}
