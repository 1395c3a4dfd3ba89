import type { IncomingHttpHeaders } from "node:http";
import { PylonError } from "../kernel/errors.ts";
import { isLoopback, isSameOrigin, originOfRequest } from "./origin.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** H-CSRF: a write without a bearer token must come from an allowed page, or from no page at all. Throws 403 `CSRF_REJECTED`. */
export function refuseForgery(method: string, headers: IncomingHttpHeaders, allowed: ReadonlySet<string>): void {
  if (SAFE_METHODS.has(method) || isBearer(headers.authorization)) return;
  const origin = originOfRequest(headers);
  if (origin === null || allowed.has(origin) || isSameOrigin(origin, headers.host) || isLoopback(origin)) return;
  throw new PylonError("CSRF_REJECTED", "This origin may not write.", 403, {
    hint: "Add it to PYLON_CSRF_ORIGINS or auth.trustedOrigins.",
  });
}

/** A page cannot make a browser send this header to another origin unless CORS allows it. */
const isBearer = (authorization: string | undefined): boolean =>
  authorization !== undefined && /^bearer /i.test(authorization);
