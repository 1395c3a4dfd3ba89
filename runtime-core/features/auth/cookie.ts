import type { CookieSettings } from "../../net/config.ts";

/** The `Set-Cookie` value that signs a browser in (H-AUTH-COOKIE). */
export const sessionCookie = (cookie: CookieSettings, token: string, maxAgeSecs: number): string =>
  `${cookie.name}=${token}; Path=/; HttpOnly${cookie.secure ? "; Secure" : ""}; SameSite=${cookie.sameSite}${
    cookie.domain === null ? "" : `; Domain=${cookie.domain}`
  }; Max-Age=${maxAgeSecs}`;

/** The one that signs it out. */
export const clearedCookie = (cookie: CookieSettings): string => sessionCookie(cookie, "", 0);

/** Value of the named cookie in a `Cookie` header, or null. Of several the first counts: browsers send the most specific path first. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return null;
}
