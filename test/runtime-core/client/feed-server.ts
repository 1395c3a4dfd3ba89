import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { WireChange } from "../../../runtime-core/protocol/wire.ts";

interface Change {
  readonly entity: string;
  readonly row_id: string;
  readonly kind: WireChange["kind"];
  readonly data?: Record<string, unknown>;
  readonly op_id: string;
}

/**
 * A small real server that speaks the sync protocol over HTTP and a socket, so that a test can make it do what a good server seldom does:
 * pages of one row, forgotten cursors, lost sockets, refusals, answers that never leave. Who bears the token `t:<user>` is that user.
 */
export class FeedServer {
  readonly events: WireChange[] = [];
  readonly requests: string[] = [];
  readonly answered = new Map<string, object>();
  readonly sockets = new Set<WebSocket>();
  pageRows = 1000;
  /** Cursors below it are answered with 410. */
  oldest = 0;
  /** Refuses a change with this code when it says so. */
  refuse: (change: Change) => string | null = () => null;
  /** Called before each answer; throwing drops the connection. */
  beforeAnswer: (path: string) => Promise<void> | void = () => {};
  broadcasts = true;
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  readonly #ws = new WebSocketServer({
    server: this.#http,
    path: "/api/sync/ws",
    handleProtocols: (offered) => [...offered].find((name) => name.startsWith("bearer.")) ?? false,
  });

  constructor() {
    this.#ws.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.send(JSON.stringify({ type: "hello" }));
      socket.on("close", () => this.sockets.delete(socket));
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#ws.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  dropSockets(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  say(message: object): void {
    for (const socket of this.sockets) socket.send(JSON.stringify(message));
  }

  write(entity: string, id: string, kind: WireChange["kind"], data?: Record<string, unknown>): number {
    const seq = this.events.length + 1;
    const event: WireChange = {
      timestamp: "",
      seq,
      entity,
      row_id: id,
      kind,
      ...(data === undefined ? {} : { data: { ...data, id } }),
    };
    this.events.push(event);
    if (this.broadcasts) this.say(event);
    return seq;
  }

  /** The rows as they are after all events. */
  rows(): WireChange[] {
    const rows = new Map<string, WireChange>();
    for (const event of this.events) {
      const key = `${event.entity}/${event.row_id}`;
      if (event.kind === "delete") rows.delete(key);
      else rows.set(key, { ...event, kind: "insert", data: { ...rows.get(key)?.data, ...event.data } });
    }
    return [...rows.values()];
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    const path = request.url ?? "";
    this.requests.push(`${request.method} ${path}`);
    const [status, answer] = this.#reply(new URL(path, "http://x"), body, request.headers.authorization ?? "");
    try {
      await this.beforeAnswer(path);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
    } catch {
      response.destroy();
    }
  }

  #reply(url: URL, body: string, authorization: string): [number, object] {
    const user = /^Bearer t:(.*)$/.exec(authorization)?.[1] ?? null;
    switch (url.pathname) {
      case "/api/auth/me":
        return [200, { user_id: user, is_admin: false, roles: [] }];
      case "/api/auth/password/login": {
        const { email, password } = JSON.parse(body) as { email: string; password: string };
        if (password === "wrong")
          return [401, { error: { code: "INVALID_CREDENTIALS", message: "No.", hint: "Try." } }];
        return [200, { token: `t:${email}`, user_id: email, expires_at: 0 }];
      }
      case "/api/auth/session":
        return [200, { revoked: true }];
      case "/api/sync/pull":
        return this.#pull(url.searchParams, url.search);
      case "/api/sync/push":
        return [200, this.#push(JSON.parse(body) as { changes: Change[] })];
      default:
        return [404, { error: { code: "NOT_FOUND", message: "Not found" } }];
    }
  }

  #pull(query: URLSearchParams, search: string): [number, object] {
    const since = Number(query.get("since"));
    const head = this.events.length;
    if (since > head || (since > 0 && since < this.oldest))
      return [410, { error: { code: "RESYNC_REQUIRED", message: "too old", oldest_seq: this.oldest } }];
    if (since > 0) {
      const page = this.events.slice(since, since + this.pageRows);
      const last = since + page.length;
      return [200, { changes: page, cursor: { last_seq: last }, has_more: last < head }];
    }
    // The token is URL-encoded and must come back verbatim: decoded once, and once more it would be another.
    const token = /snapshot_after=([^&]*)/.exec(search)?.[1];
    const from = token === undefined ? 0 : (JSON.parse(decodeURIComponent(token)) as { n: number }).n;
    const rows = this.rows();
    const page = rows.slice(from, from + this.pageRows).map((row) => ({ ...row, seq: head }));
    const next = from + page.length;
    const more = next < rows.length;
    const after = more ? encodeURIComponent(JSON.stringify({ n: next, "%": "100%" })) : null;
    return [200, { changes: page, cursor: { last_seq: more ? 0 : head }, has_more: more, snapshot_after: after }];
  }

  #push({ changes }: { changes: readonly Change[] }): object {
    const results = changes.map((change) => {
      const known = this.answered.get(change.op_id);
      if (known !== undefined) return { ...known, status: "replayed" };
      const code = this.refuse(change);
      if (code !== null)
        return { status: "error", row_id: change.row_id, error: { code, message: `refused: ${code}` } };
      const seq = this.write(change.entity, change.row_id, change.kind, change.data);
      const result = { status: "applied", row_id: change.row_id, seq };
      this.answered.set(change.op_id, result);
      return result;
    });
    return { applied: results.length, errors: [], cursor: { last_seq: this.events.length }, results };
  }
}
