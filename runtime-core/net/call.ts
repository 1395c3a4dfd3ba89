import type { IncomingMessage } from "node:http";
import type { Auth } from "../kernel/auth.ts";
import { ANONYMOUS } from "../kernel/auth.ts";
import { PylonError } from "../kernel/errors.ts";
import { isValidText } from "../kernel/text.ts";
import type { Call } from "./ports.ts";

/** A request as handlers see it. Made for every request, so nothing is computed before it is asked for. */
export class HttpCall implements Call {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly remote: string;
  auth: Auth = ANONYMOUS;
  body = "";
  readonly #request: IncomingMessage;
  #segments: readonly string[] | null = null;

  constructor(request: IncomingMessage, remote: string) {
    const url = request.url ?? "/";
    const question = url.indexOf("?");
    // HEAD is GET without the body; Node leaves the body out itself.
    this.method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    this.path = question === -1 ? url : url.slice(0, question);
    this.search = question === -1 ? "" : url.slice(question + 1);
    this.remote = remote;
    this.#request = request;
  }

  get segments(): readonly string[] {
    this.#segments ??= decode(this.path);
    return this.#segments;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }
}

/** Decodes once, after splitting, so that an encoded slash stays inside its segment. Throws 400 `INVALID_PATH`. */
function decode(path: string): readonly string[] {
  const segments = path.slice(1).split("/");
  if (!path.includes("%")) return segments;
  try {
    const decoded = segments.map(decodeURIComponent);
    if (decoded.every(isValidText)) return decoded;
  } catch {
    // Falls through to the refusal: an escape that is no UTF-8.
  }
  throw new PylonError("INVALID_PATH", "The path has an escape that is no text.", 400);
}
