import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Auth } from "../kernel/auth.ts";
import type { Clock, Timers } from "../kernel/clock.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";
import type { Logger } from "../kernel/log.ts";
import { clientAddress, createRateLimit, InFlight } from "./admission.ts";
import { HttpCall } from "./call.ts";
import { answerBrokenRequests, errorReply, NOT_FOUND, overloaded, thrownReply } from "./errors.ts";
import { corsHeaders, refuseForgery } from "./origins.ts";
import type { Callers, Handler, Reply } from "./ports.ts";
import { hasBody, readBody } from "./read-body.ts";
import { discardRest, headerSets, send } from "./send.ts";
import { SOCKET_PATH, type SocketServer } from "./socket.ts";
import { EVENTS_PATH, type EventStreams } from "./sse.ts";
import { detachedResponse } from "./upgrades.ts";

export interface ServerOptions {
  /** Everything but sockets and streams; null becomes 404. */
  readonly handler: Handler;
  readonly callers: Callers;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** `Access-Control-Allow-Origin`; null: same origin only. */
  readonly corsOrigin: string | null;
  /** Origins that may write without a bearer token (H-CSRF). */
  readonly csrfOrigins: readonly string[];
  readonly trustProxyHops: number;
  readonly sockets?: SocketServer;
  readonly streams?: EventStreams;
}

/** Answers that start a stream instead: nothing is left to send. */
const TAKEN: Reply = { status: 0, body: "" };
const NO_CONTENT: Reply = { status: 204, body: "" };
const OVERLOADED = errorReply(overloaded("Too many requests at one time."));
const BAD_UPGRADE = errorReply(new PylonError("BAD_UPGRADE", "This path is for WebSocket upgrades.", 400));
const NO_HOST = errorReply(new PylonError("BAD_REQUEST", "An HTTP/1.1 request needs a Host header.", 400));
const CLOSE: readonly string[] = ["Connection", "close"];

/** The node:http server of an app, not listening yet. A throw of a handler never leaves it. */
export function createServer(options: ServerOptions): Server {
  const { handler, callers, limits, log, timers, sockets, streams, trustProxyHops } = options;
  const sets = headerSets(corsHeaders(options.corsOrigin));
  const csrfOrigins: ReadonlySet<string> = new Set(options.csrfOrigins);
  const rateLimit = createRateLimit(limits, options.clock);
  const inFlight = new InFlight(limits.requestsInFlightMax, limits.requestsInFlightPerAddressMax);
  const server = createHttpServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: 2_000,
      // Node would refuse it without a body; `onRequest` does with our envelope.
      requireHostHeader: false,
    },
    onRequest,
  );
  server.on("upgrade", onUpgrade);
  // An expectation other than 100-continue may be ignored (RFC 9110 10.1.1); Node would answer 417 without a body.
  server.on("checkExpectation", onRequest);
  answerBrokenRequests(server);
  return server;

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const address = clientAddress(request, trustProxyHops);
    if (request.headers.host === undefined && request.httpVersion === "1.1") answer(request, response, NO_HOST);
    else if (request.method === "OPTIONS") answer(request, response, NO_CONTENT);
    else if (inFlight.enter(address)) handle(request, response, address);
    else answer(request, response, OVERLOADED);
  }

  function handle(request: IncomingMessage, response: ServerResponse, address: string): void {
    const call = new HttpCall(request, address);
    let reply: ReturnType<Handler>;
    try {
      reply = identify(call, request, response);
    } catch (thrown) {
      reply = thrownReply(thrown, log, `${call.method} ${call.path}`);
    }
    if (reply instanceof Promise)
      reply.then(
        (value) => finish(call, request, response, value),
        (thrown) => finish(call, request, response, thrownReply(thrown, log, `${call.method} ${call.path}`)),
      );
    else finish(call, request, response, reply);
  }

  /** No promise where the session is in memory: most requests are answered in the turn that they came in. */
  function identify(call: HttpCall, request: IncomingMessage, response: ServerResponse): ReturnType<Handler> {
    const { authorization, cookie } = request.headers;
    const isStream = streams !== undefined && call.path === EVENTS_PATH;
    const auth = callers.identify(isStream ? streams.credentials(call) : { authorization, cookie });
    return auth instanceof Promise
      ? auth.then((known) => admit(call, request, response, known))
      : admit(call, request, response, auth);
  }

  function admit(call: HttpCall, request: IncomingMessage, response: ServerResponse, auth: Auth): ReturnType<Handler> {
    call.auth = auth;
    if (call.path !== "/health") rateLimit(auth, call.remote);
    refuseForgery(call.method, request.headers, csrfOrigins);
    if (call.path === SOCKET_PATH && call.method === "GET") return BAD_UPGRADE;
    // Not by HEAD: a stream without a body would send nothing, its head neither, and stay open.
    if (call.path === EVENTS_PATH && request.method === "GET" && streams !== undefined) {
      streams.open(call, response, sets.own);
      return TAKEN;
    }
    if (!hasBody(request)) return handler(call);
    return readBody(request, limits.bodyBytesMax).then((body) => {
      call.body = body;
      return handler(call);
    });
  }

  function finish(call: HttpCall, request: IncomingMessage, response: ServerResponse, reply: Reply | null): void {
    inFlight.leave(call.remote);
    if (reply !== TAKEN) answer(request, response, reply ?? NOT_FOUND);
  }

  function answer(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    // While draining, callers with an open connection are told to make their next one elsewhere.
    const last = server.listening ? reply : { ...reply, headers: [...(reply.headers ?? []), ...CLOSE] };
    try {
      send(response, sets, last);
    } catch (thrown) {
      // A header that cannot be sent, from a handler: nothing has left yet.
      send(response, sets, thrownReply(thrown, log, "headers of an answer"));
    }
    if (!request.complete) discardRest(request, timers);
  }

  /** Anything but a socket of ours is answered as a plain request: curl asks to upgrade to HTTP/2 by itself. */
  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const isSocket = request.headers.upgrade?.toLowerCase() === "websocket";
    const path = request.url?.split("?", 1)[0];
    if (isSocket && path === SOCKET_PATH && sockets !== undefined)
      sockets.upgrade(request, socket, head, { mayUseCookie: true });
    else onRequest(request, detachedResponse(request, socket));
  }
}
