import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { WebSocket } from "ws";
import { ANONYMOUS, type Auth } from "../../../runtime-core/kernel/auth.ts";
import { systemClock, systemTimers } from "../../../runtime-core/kernel/clock.ts";
import type { Limits } from "../../../runtime-core/kernel/limits.ts";
import { createLogger } from "../../../runtime-core/kernel/log.ts";
import { FanOut } from "../../../runtime-core/live/fan-out.ts";
import { InFlight } from "../../../runtime-core/net/admission.ts";
import type { Callers, Handler } from "../../../runtime-core/net/ports.ts";
import { firstOf, syncRoutes } from "../../../runtime-core/net/routes.ts";
import { createServer, type ServerOptions } from "../../../runtime-core/net/server.ts";
import { createSocketServer } from "../../../runtime-core/net/socket.ts";
import { createEventStreams } from "../../../runtime-core/net/sse.ts";
import { ana, bob, openWorld, user, visibility } from "../log/world.ts";

const KNOWN: Readonly<Record<string, Auth>> = {
  "t-ana": ana,
  "t-ana2": user("ana", { sessionId: "s-ana2" }),
  "t-bob": bob,
  "t-admin": { ...user("__admin__"), isAdmin: true },
};

/** Tokens by name; the session `late` is known only after a moment, as one that is not in memory. */
const callers: Callers = {
  identify({ authorization, cookie }) {
    const token = authorization?.replace(/^Bearer /i, "") ?? /app_session=([^;]+)/.exec(cookie ?? "")?.[1] ?? "";
    if (token === "late") return new Promise((resolve) => setTimeout(() => resolve(ana), 5));
    return KNOWN[token] ?? ANONYMOUS;
  },
  hasCookieCredential: ({ authorization, cookie }) =>
    authorization === undefined && cookie?.includes("app_session=") === true,
};

export interface WorldSettings extends Partial<Pick<ServerOptions, "corsOrigin" | "csrfOrigins" | "trustProxyHops">> {
  readonly limits?: Partial<Limits>;
  readonly visibility?: Parameters<typeof visibility>[0];
  readonly handler?: Handler;
}

/** A server on a free port over a real database, with hand-written rules. */
export async function openServer(settings: WorldSettings = {}) {
  const world = await openWorld(settings.limits);
  const { feed, limits } = world;
  const lines: string[] = [];
  const log = createLogger("json", systemClock, (line) => void lines.push(line));
  const report = (error: unknown) => void lines.push(String(error));
  const rules = visibility(settings.visibility);
  const fanOut = new FanOut({ feed, visibility: rules, limits, timers: systemTimers, report });
  const open = new InFlight(limits.socketsMax, limits.socketsPerAddressMax);
  const trustProxyHops = settings.trustProxyHops ?? 0;
  const sockets = createSocketServer({
    fanOut,
    feed,
    callers,
    limits,
    open,
    trustedOrigins: ["https://app.example"],
    trustProxyHops,
    timers: systemTimers,
    log,
  });
  const streams = createEventStreams({ fanOut, open, timers: systemTimers });
  const sync = syncRoutes({ ...world, visibility: rules }, { ...world, report });
  const server = createServer({
    handler: firstOf(settings.handler ?? (() => null), sync),
    callers,
    limits,
    clock: systemClock,
    timers: systemTimers,
    log,
    corsOrigin: settings.corsOrigin ?? null,
    csrfOrigins: settings.csrfOrigins ?? [],
    trustProxyHops,
    sockets,
    streams,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const opened: WebSocket[] = [];

  return {
    ...world,
    server,
    sockets,
    streams,
    callers,
    log,
    lines,
    fanOut,
    port,
    url: `http://127.0.0.1:${port}`,
    async socket(
      options: { path?: string; headers?: Record<string, string>; protocols?: string[]; port?: number } = {},
    ) {
      const address = `ws://127.0.0.1:${options.port ?? port}${options.path ?? "/api/sync/ws"}`;
      const socket = new WebSocket(address, options.protocols ?? [], { headers: options.headers ?? {} });
      opened.push(socket);
      return listen(socket);
    },
    /** Sends bytes as they are; gives what came back until the server closed or fell silent. */
    raw: (bytes: string) => sendRaw(port, bytes),
    async close() {
      for (const socket of opened) socket.terminate();
      sockets.close();
      streams.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await world.close();
    },
  };
}

export type Served = Awaited<ReturnType<typeof openServer>>;

export interface Message {
  readonly type?: string;
  readonly seq?: number;
  readonly kind?: string;
  readonly [member: string]: unknown;
}

/** An open socket with its messages in order. Rejects with the status when the upgrade was refused. */
async function listen(socket: WebSocket) {
  const messages: Message[] = [];
  let wake = (): void => {};
  let code: number | null = null;
  socket.on("message", (data) => {
    messages.push(JSON.parse(String(data)) as Message);
    wake();
  });
  socket.on("close", (closeCode) => {
    code = closeCode;
    wake();
  });
  const waitFor = async (isThere: () => boolean) => {
    const deadline = Date.now() + 5_000;
    while (!isThere()) {
      if (Date.now() > deadline) throw new Error(`not in time; have ${JSON.stringify(messages)} ${code}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 50);
      });
    }
  };
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("unexpected-response", (_request, response) => reject(new Error(String(response.statusCode))));
    socket.once("error", reject);
  });
  return {
    socket,
    messages,
    events: () => messages.filter(({ seq }) => seq !== undefined),
    ofType: (type: string) => messages.filter((message) => message.type === type),
    /** Waits until an event with this number is there. */
    seq: (seq: number) => waitFor(() => messages.some((message) => message.seq === seq)),
    type: (type: string, count = 1) =>
      waitFor(() => messages.filter((message) => message.type === type).length >= count),
    async closed(): Promise<number> {
      await waitFor(() => code !== null);
      return code ?? 0;
    },
  };
}

async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setTimeout(1_500, () => socket.destroy());
  socket.on("data", (chunk) => {
    answer += String(chunk);
  });
  socket.on("error", () => socket.destroy());
  socket.write(bytes);
  await once(socket, "close");
  return answer;
}
