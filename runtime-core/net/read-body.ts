import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { PylonError } from "../kernel/errors.ts";
import { tooLarge } from "./errors.ts";

/** Whether the head announces a body. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";

/**
 * The body as text. Refused by its announced length before a byte is read, and by count, since a chunked one announces nothing.
 * Rejects with 413 `PAYLOAD_TOO_LARGE`, 400 `INVALID_JSON` (no UTF-8), 400 `BODY_INCOMPLETE` (the caller hung up).
 */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > bytesMax) {
      reject(tooLarge(bytesMax));
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Without a listener the rest flows away unread.
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else {
        chunks.length = 0;
        request.off("data", take);
        reject(tooLarge(bytesMax));
      }
    };
    request.on("data", take);
    let ended = false;
    request.on("end", () => {
      ended = true;
      const [first] = chunks;
      const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      if (isUtf8(body)) resolve(body.toString("utf8"));
      else reject(new PylonError("INVALID_JSON", "The body is not UTF-8.", 400));
    });
    // Every request closes in the end. Making an error takes 20 us for its stack, so only a body cut short makes one.
    const hungUp = () => {
      if (!ended) reject(new PylonError("BODY_INCOMPLETE", "The body ended before its time.", 400));
    };
    request.on("error", hungUp);
    request.on("close", hungUp);
  });
}
