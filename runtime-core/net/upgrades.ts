import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Credentials, Reply } from "./ports.ts";
import { headerSets, send } from "./send.ts";

const SETS = headerSets([]);

/** An ordinary answer on a connection that the HTTP server has let go of. */
export function detachedResponse(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // Node has taken its own listener off: a reset that nobody hears would be an uncaught exception of the process.
  socket.on("error", () => socket.destroy());
  // Typed as Duplex for custom servers; over node:http it is the TCP socket.
  response.assignSocket(socket as Socket);
  response.once("finish", () => socket.end());
  return response;
}

export function refuseUpgrade(request: IncomingMessage, socket: Duplex, reply: Reply): void {
  if (socket.destroyed) return;
  send(detachedResponse(request, socket), SETS, reply);
}

const SUBPROTOCOL = /^bearer\./;

/** The first offered `bearer.<token>`: browsers cannot set headers on a socket (R-WS-AUTH). It is echoed as the chosen subprotocol. */
export const bearerSubprotocol = (offered: Iterable<string>): string | null => {
  for (const name of offered) if (SUBPROTOCOL.test(name)) return name;
  return null;
};

/** Credentials of a socket: the header beats the subprotocol, and the cookie counts only where both are absent. */
export function socketCredentials(
  headers: Credentials & { readonly "sec-websocket-protocol"?: string | undefined },
  mayUseCookie: boolean,
): Credentials {
  const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim()) ?? [];
  const token = decodeToken(bearerSubprotocol(offered));
  return {
    authorization: headers.authorization ?? (token === null ? undefined : `Bearer ${token}`),
    cookie: mayUseCookie ? headers.cookie : undefined,
  };
}

/** `+` is a blank, and a bad escape makes the token absent (R-WS-AUTH). */
function decodeToken(subprotocol: string | null): string | null {
  if (subprotocol === null) return null;
  try {
    return decodeURIComponent(subprotocol.replace(SUBPROTOCOL, "").replaceAll("+", " "));
  } catch {
    return null;
  }
}

/** A stream takes `?token=` where no header names a caller: EventSource cannot set one (R-SSE). */
export function streamCredentials(headers: Credentials, search: string): Credentials {
  const token = headers.authorization === undefined ? new URLSearchParams(search).get("token") : null;
  return token === null ? headers : { authorization: `Bearer ${token}`, cookie: undefined };
}
