import type { Server } from "node:http";
import { PylonError } from "../kernel/errors.ts";
import { errorReply } from "./errors.ts";

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
