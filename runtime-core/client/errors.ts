/**
 * The one error of the client. `code` is the server's (`EMAIL_TAKEN`, `POLICY_DENIED`, …) or one of ours: `NETWORK` (no answer),
 * `BAD_ANSWER` (an answer that is not Pylon's), `CLOSED`, `IDENTITY_CHANGED`, `INVALID_QUERY`. `status` is the HTTP status, 0 without one.
 */
export class PylonClientError extends Error {
  readonly code: string;
  readonly status: number;
  readonly hint: string | null;

  constructor(code: string, message: string, status = 0, hint: string | null = null) {
    super(message);
    this.name = "PylonClientError";
    this.code = code;
    this.status = status;
    this.hint = hint;
  }
}

/** Whether the same request may succeed later: no answer, a server in trouble, or too many requests. */
export const isPassing = (error: PylonClientError): boolean =>
  error.code === "NETWORK" || error.status === 429 || error.status >= 500;

/** Anything thrown, as the one error. What is not ours stays readable as `cause`. */
export function asClientError(thrown: unknown): PylonClientError {
  if (thrown instanceof PylonClientError) return thrown;
  const error = new PylonClientError("CLIENT_BUG", thrown instanceof Error ? thrown.message : String(thrown));
  error.cause = thrown;
  return error;
}
