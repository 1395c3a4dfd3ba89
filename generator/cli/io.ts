/** What a command may touch of its process, so that tests run it in theirs. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. A line without its end. */
  out(line: string): void;
  /** Everything else. */
  err(line: string): void;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** Milliseconds since the process began, its start included: what a user waits. */
  elapsedMs(): number;
  /** Milliseconds since the epoch, for `now` in rules and the times of `dev`. */
  now(): number;
  /** Aborted when the user wants the command to end (SIGINT, SIGTERM). Asking for it is what keeps a signal from ending the process. */
  stopSignal(): AbortSignal;
  /** A line that the user types; null when nobody can be asked. */
  ask(question: string): Promise<string | null>;
}

/** 0 good; 1 the check failed or the model has errors; 2 wrong usage; 3 environment (a taken port, a missing file of ours). */
export type ExitCode = 0 | 1 | 2 | 3;
