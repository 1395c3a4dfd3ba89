/**
 * The one error that may reach a caller. Anything else that is thrown is a bug of ours or of the app: `net` answers it
 * with 500 `INTERNAL` and writes it to the log.
 */
export class PylonError extends Error {
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;
  /** Further members of the envelope's `error` object, such as `oldest_seq`. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;
  /** Seconds for the `Retry-After` header. */
  readonly retryAfterSecs: number | undefined;

  constructor(
    code: string,
    message: string,
    status: number,
    options: { hint?: string; extra?: Readonly<Record<string, unknown>>; retryAfterSecs?: number } = {},
  ) {
    super(message);
    this.name = "PylonError";
    this.code = code;
    this.status = status;
    this.hint = options.hint;
    this.extra = options.extra;
    this.retryAfterSecs = options.retryAfterSecs;
  }
}
