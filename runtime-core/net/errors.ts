import { PylonError } from "../kernel/errors.ts";
import { type Logger, thrownFields } from "../kernel/log.ts";
import type { Reply } from "./ports.ts";

/** The envelope of H-ERR. */
export function errorReply(error: PylonError): Reply {
  const { code, message, hint, extra, status, retryAfterSecs } = error;
  const body = JSON.stringify({ error: { code, message, hint, ...extra } });
  return retryAfterSecs === undefined
    ? { status, body }
    : { status, body, headers: ["Retry-After", String(retryAfterSecs)] };
}

/** Any throw as an answer. What is no `PylonError` is a bug: one safe answer, and one log line that says where (never what was sent). */
export function thrownReply(thrown: unknown, log: Logger, where: string): Reply {
  if (thrown instanceof PylonError) return errorReply(thrown);
  log.error("unexpected error", { where, ...thrownFields(thrown) });
  return INTERNAL;
}

export const INTERNAL: Reply = errorReply(new PylonError("INTERNAL", "Internal error", 500));
export const NOT_FOUND: Reply = errorReply(new PylonError("NOT_FOUND", "Not found", 404));

export const tooLarge = (bytesMax: number): PylonError =>
  new PylonError("PAYLOAD_TOO_LARGE", `The body is larger than ${bytesMax} bytes.`, 413);

export const overloaded = (message: string): PylonError =>
  new PylonError("OVERLOADED", message, 503, { retryAfterSecs: 1 });
