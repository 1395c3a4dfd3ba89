import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Auth } from "../kernel/auth.ts";
import type { Timers } from "../kernel/clock.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";
import type { Logger } from "../kernel/log.ts";
import type { FanOut } from "../live/fan-out.ts";
import { Frame } from "../live/frame.ts";
import type { Subscriber } from "../live/groups.ts";
import { CLOSE_RESTARTING, encodeHello } from "../protocol/socket.ts";
import type { InFlight } from "./admission.ts";
import { clientAddress } from "./admission.ts";
import { errorReply, overloaded, thrownReply } from "./errors.ts";
import { isSameOrigin } from "./origins.ts";
import type { Callers, Reply } from "./ports.ts";
import { SocketSink } from "./sinks.ts";
import { receive } from "./socket-messages.ts";
import { bearerSubprotocol, refuseUpgrade, socketCredentials } from "./upgrades.ts";

export const SOCKET_PATH = "/api/sync/ws";

/** Missed pings until a socket counts as dead. */
const missedPingsMax = 2;
/** Pieces that one message may come in: tiny ones cost far more memory than they carry (CVE-2026-48779). */
const fragmentsMax = 64;

export interface SocketOptions {
  readonly fanOut: FanOut;
  /** For the hello. */
  readonly feed: { readonly epoch: string; readonly schemaId: string; head(): number };
  readonly callers: Callers;
  readonly limits: Pick<Limits, "socketMessageBytesMax" | "socketPingSecs" | "jsonDepthMax">;
  /** Open sockets and streams together. */
  readonly open: InFlight;
  /** Pages that may open a socket with the cookie, beside the server's own. */
  readonly trustedOrigins: readonly string[];
  readonly trustProxyHops: number;
  readonly timers: Timers;
  readonly log: Logger;
}

export interface SocketServer {
  /** Takes an upgrade request over. `mayUseCookie` is false on the extra port (R-WS-AUTH). */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, options: { readonly mayUseCookie: boolean }): void;
  /** Tells every client to come back (1012), and closes. */
  close(): void;
}

interface Connection {
  readonly socket: WebSocket;
  missed: number;
}

/** Sync sockets: changes flow from the handshake on (realtime 3). */
export function createSocketServer(options: SocketOptions): SocketServer {
  const { fanOut, feed, callers, limits, open, timers, log, trustProxyHops } = options;
  const trusted: ReadonlySet<string> = new Set(options.trustedOrigins);
  const connections = new Set<Connection>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.socketMessageBytesMax,
    maxFragments: fragmentsMax,
    handleProtocols: (offered) => bearerSubprotocol(offered) ?? false,
  });
  server.on("wsClientError", (_error, socket, request) => refuseUpgrade(request, socket, BAD_UPGRADE));
  let cancelPing = timers.after(limits.socketPingSecs * 1000, ping);

  return {
    upgrade(request, socket, head, { mayUseCookie }) {
      // Until `ws` takes the socket nobody else would hear of its end.
      socket.on("error", () => socket.destroy());
      const refuse = (reply: Reply): void => refuseUpgrade(request, socket, reply);
      const address = clientAddress(request, trustProxyHops);
      if (!open.enter(address)) return refuse(FULL);
      socket.once("close", () => open.leave(address));
      identify(request, mayUseCookie).then(
        (auth) => server.handleUpgrade(request, socket, head, (client) => connect(client, socket, request, auth)),
        (thrown) => refuse(thrownReply(thrown, log, "socket upgrade")),
      );
    },
    close() {
      cancelPing();
      for (const { socket } of connections) socket.close(CLOSE_RESTARTING, "restarting");
    },
  };

  async function identify(request: IncomingMessage, mayUseCookie: boolean): Promise<Auth> {
    const { headers } = request;
    const credentials = socketCredentials(headers, mayUseCookie);
    // A page of anyone's may open a socket here, and the browser would add the cookie to it.
    if (callers.hasCookieCredential(credentials)) {
      const { origin } = headers;
      if (origin === undefined || !(trusted.has(origin) || isSameOrigin(origin, headers.host)))
        throw new PylonError("FORBIDDEN", "This origin may not use the session cookie on a socket.", 403);
    }
    return callers.identify(credentials);
  }

  function connect(socket: WebSocket, stream: Duplex, request: IncomingMessage, auth: Auth): void {
    const connection: Connection = { socket, missed: 0 };
    connections.add(connection);
    const sink = new SocketSink(socket, stream, timers);
    const subscriber = fanOut.join(sink, auth);
    fanOut.deliver(subscriber, new Frame(encodeHello(feed.schemaId, feed.epoch, feed.head())));
    socket.on("pong", () => {
      connection.missed = 0;
    });
    socket.on("message", (data, isBinary) => {
      connection.missed = 0;
      receive({ fanOut, limits }, subscriber, isBinary ? null : String(data));
    });
    // A frame that breaks the protocol or a limit: `ws` closes the socket with the code for it.
    socket.on("error", (error) => log.info("socket error", { error: error.message }));
    socket.on("close", () => {
      connections.delete(connection);
      fanOut.leave(subscriber);
    });
    resumeFromUrl(request, subscriber);
  }

  function resumeFromUrl(request: IncomingMessage, subscriber: Subscriber): void {
    const search = request.url?.split("?", 2)[1] ?? "";
    const since = new URLSearchParams(search).get("since");
    if (since !== null && /^\d{1,16}$/.test(since)) void fanOut.resume(subscriber, Number(since));
  }

  function ping(): void {
    for (const connection of connections) {
      if (connection.missed >= missedPingsMax) connection.socket.terminate();
      else {
        connection.missed += 1;
        connection.socket.ping();
      }
    }
    cancelPing = timers.after(limits.socketPingSecs * 1000, ping);
  }
}

const FULL = errorReply(overloaded("Too many open sockets."));
const BAD_UPGRADE = errorReply(new PylonError("BAD_UPGRADE", "This is no proper WebSocket handshake.", 400));
