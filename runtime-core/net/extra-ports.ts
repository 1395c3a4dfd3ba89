import { createServer, type Server } from "node:http";
import { PylonError } from "../kernel/errors.ts";
import type { Logger } from "../kernel/log.ts";
import { clientAddress } from "./admission.ts";
import { HttpCall } from "./call.ts";
import { answerBrokenRequests, errorReply, thrownReply } from "./errors.ts";
import type { Callers } from "./ports.ts";
import { headerSets, send } from "./send.ts";
import type { SocketServer } from "./socket.ts";
import type { EventStreams } from "./sse.ts";

/** Any origin may read: without credentials there is nothing here for a page that has no token. */
const SETS = headerSets(["Access-Control-Allow-Origin", "*"]);
const BAD_UPGRADE = errorReply(new PylonError("BAD_UPGRADE", "This port is for WebSocket upgrades.", 400));

export interface ExtraPortOptions {
  readonly sockets: SocketServer;
  readonly streams: EventStreams;
  readonly callers: Callers;
  readonly trustProxyHops: number;
  readonly log: Logger;
}

/** Compatibility (R-PORTS): the socket on the port after ours, the stream on the next, any path. A taken port is a warning. */
export async function openExtraPorts(
  options: ExtraPortOptions,
  port: number,
  host: string | null,
): Promise<readonly Server[]> {
  const servers = [socketPort(options), streamPort(options)];
  const opened = await Promise.all(servers.map((server, i) => listenOrWarn(server, port + 1 + i, host, options.log)));
  return servers.filter((_, i) => opened[i]);
}

function socketPort({ sockets }: ExtraPortOptions): Server {
  const server = createServer((_request, response) => send(response, SETS, BAD_UPGRADE));
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head, { mayUseCookie: false }));
  answerBrokenRequests(server);
  return server;
}

function streamPort({ streams, callers, trustProxyHops, log }: ExtraPortOptions): Server {
  const server = createServer((request, response) => {
    const call = new HttpCall(request, clientAddress(request, trustProxyHops));
    const open = async (): Promise<void> => {
      call.auth = await callers.identify(streams.credentials(call));
      streams.open(call, response, SETS.own);
    };
    open().catch((thrown) => send(response, SETS, thrownReply(thrown, log, "stream")));
  });
  answerBrokenRequests(server);
  return server;
}

function listenOrWarn(server: Server, port: number, host: string | null, log: Logger): Promise<boolean> {
  return new Promise((resolve) => {
    server.once("error", (error) => {
      log.warn("an extra port of compatibility mode is not available", { port, error: error.message });
      resolve(false);
    });
    server.listen(port, host ?? undefined, () => resolve(true));
  });
}
