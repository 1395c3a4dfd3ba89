import type { Server } from "node:http";
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

/** Requests that the HTTP parser gives up on never reach a handler; they get our envelope all the same. */
export function answerBrokenRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, body } = errorReply(refusal(error.code));
    const head = `HTTP/1.1 ${status} ${status === 400 ? "Bad Request" : "Refused"}\r\nContent-Type: application/json`;
    socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(String(body))}\r\nConnection: close\r\n\r\n${body}`);
  });
}

function refusal(code: string | undefined): PylonError {
  if (code === "HPE_HEADER_OVERFLOW") return new PylonError("HEADERS_TOO_LARGE", "The headers are too large.", 431);
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new PylonError("REQUEST_TIMEOUT", "The request took too long.", 408);
  return new PylonError("BAD_REQUEST", "This is no HTTP/1.1 request.", 400);
}
