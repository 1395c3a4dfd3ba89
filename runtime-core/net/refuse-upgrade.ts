import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { headerSets } from "./headers.ts";
import type { Reply } from "./ports.ts";
import { send } from "./send.ts";

const SETS = headerSets([]);

/** An ordinary answer on a connection that the HTTP server has let go of. */
export function detachedResponse(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // Typed as Duplex for custom servers; over node:http it is the TCP socket.
  response.assignSocket(socket as Socket);
  response.once("finish", () => socket.end());
  return response;
}

export function refuseUpgrade(request: IncomingMessage, socket: Duplex, reply: Reply): void {
  if (socket.destroyed) return;
  send(detachedResponse(request, socket), SETS, reply);
}
