import { Agent, request as httpRequest } from "node:http";
import { WebSocket } from "ws";
import type { Entry, Ledger } from "./ledger.ts";
import { type Dice, dice } from "./random.ts";

export interface Target {
  readonly port: number;
}

interface Answer {
  readonly status: number;
  readonly seq: number | null;
  readonly json: unknown;
}

/** A request of one or more writes, kept so that it can be sent again. */
interface Sent {
  readonly entries: readonly Entry[];
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly key: string | null;
  /** A refused write may succeed when it is sent again: its row's id is free once the row is deleted. */
  readonly isRepeatable: boolean;
  readonly isPush: boolean;
}

interface PushedResult {
  readonly status: "applied" | "replayed" | "error";
  readonly row_id: string;
  readonly seq?: number;
}

/** A connection that writes as one user, one request after the other, so that the order of its writes is known. */
export class Writer {
  readonly #ledger: Ledger;
  readonly #token: string;
  readonly #name: string;
  readonly #dice: Dice;
  readonly #rows: string[] = [];
  readonly #repeatable: Sent[] = [];
  #unanswered: Sent | null = null;
  #writes = 0;

  constructor(ledger: Ledger, name: string, token: string, seed: number) {
    this.#ledger = ledger;
    this.#name = name;
    this.#token = token;
    this.#dice = dice(seed);
  }

  /** Writes until the connection breaks, or `isOver`. Gives the statuses that a load like this must not get. */
  async run(target: Target, isOver: () => boolean = () => false): Promise<number[]> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const odd: number[] = [];
    try {
      while (!isOver()) {
        const status = await this.#write(agent, target);
        if (status >= 500) odd.push(status);
      }
    } catch (error) {
      if (!isHangUp(error)) throw error;
    } finally {
      agent.destroy();
    }
    return odd;
  }

  /**
   * Sends again what was not answered, and some of what was, where an operation id allows it. Gives the answers that differ from
   * the first, in words.
   */
  async repeat(target: Target): Promise<string[]> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const answered = this.#repeatable.slice(-20).filter((sent) => sent !== this.#unanswered);
    const again = [...(this.#unanswered?.isRepeatable === true ? [this.#unanswered] : []), ...answered];
    this.#unanswered = null;
    const problems: string[] = [];
    for (const sent of again) {
      const before = sent.entries.map((entry) => ({ ...entry }));
      const answer = await this.#send(agent, target, sent);
      settle(sent, answer);
      for (const [at, entry] of sent.entries.entries()) {
        const first = before[at];
        const isOther = first?.outcome === "acknowledged" && (first.rowId !== entry.rowId || first.seq !== entry.seq);
        if (isOther || (first?.isGood === true && entry.outcome !== "acknowledged"))
          problems.push(`${entry.kind} ${entry.mark} again: ${answer.status} ${JSON.stringify(answer.json)}`);
      }
    }
    agent.destroy();
    return problems;
  }

  async #write(agent: Agent, target: Target): Promise<number> {
    const sent = this.#dice.chance(0.3) ? this.#push() : this.#rest();
    this.#ledger.entries.push(...sent.entries);
    this.#unanswered = sent;
    const answer = await this.#send(agent, target, sent);
    this.#unanswered = null;
    settle(sent, answer);
    if (sent.isRepeatable) this.#repeatable.push(sent);
    for (const { kind, rowId, outcome, isGood } of sent.entries)
      if (kind === "insert" && isGood && outcome === "acknowledged" && rowId !== null) this.#rows.push(rowId);
    return answer.status;
  }

  #send(agent: Agent, target: Target, { method, path, body, key }: Sent): Promise<Answer> {
    const headers = { Authorization: `Bearer ${this.#token}`, ...(key === null ? {} : { "Idempotency-Key": key }) };
    return ask(agent, target, method, path, headers, body);
  }

  #entry(kind: Entry["kind"], rowId: string | null, isGood: boolean): Entry {
    this.#writes += 1;
    return { kind, mark: `${this.#name}-${this.#writes}`, rowId, isGood, outcome: "open", seq: null };
  }

  /** A row of this writer that is there, taken off the list when it is to be deleted. */
  #row(isLast: boolean): string | null {
    if (this.#rows.length === 0) return null;
    const at = this.#dice.below(this.#rows.length);
    const id = this.#rows[at] ?? null;
    if (isLast) this.#rows.splice(at, 1);
    return id;
  }

  #next(): Entry {
    const roll = this.#dice.below(20);
    // Refused after BEGIN: a row that is not there, an id that is taken, a type that is wrong.
    if (roll === 0) return this.#entry("update", "missing", false);
    if (roll === 1) return this.#entry("insert", this.#row(false) ?? "wrong", false);
    if (roll <= 9) return this.#entry("insert", null, true);
    const kind = roll <= 15 ? "update" : "delete";
    const id = this.#row(kind === "delete");
    return id === null ? this.#entry("insert", null, true) : this.#entry(kind, id, true);
  }

  #rest(): Sent {
    const entry = this.#next();
    const { kind, rowId, mark } = entry;
    const key = this.#dice.chance(0.5) ? `key-${mark}` : null;
    const path = kind === "insert" ? "/api/entities/Todo" : `/api/entities/Todo/${rowId}`;
    const method = kind === "insert" ? "POST" : kind === "update" ? "PATCH" : "DELETE";
    const body = kind === "delete" ? "" : JSON.stringify({ ...idOf(entry), title: mark });
    return { entries: [entry], method, path, body, key, isRepeatable: key !== null && entry.isGood, isPush: false };
  }

  /** Several changes, among them refused ones: nothing of theirs may cost the others anything. */
  #push(): Sent {
    const entries = Array.from({ length: 1 + this.#dice.below(5) }, () => this.#next());
    const changes = entries.map((entry) => ({
      entity: "Todo",
      row_id: entry.rowId ?? `temporary-${entry.mark}`,
      kind: entry.kind,
      op_id: `op-${entry.mark}`,
      ...(entry.kind === "delete" ? {} : { data: { ...idOf(entry), title: entry.mark } }),
    }));
    const body = JSON.stringify({ client_id: this.#name, changes });
    const isRepeatable = entries.every((entry) => entry.isGood);
    return { entries, method: "POST", path: "/api/sync/push", body, key: null, isRepeatable, isPush: true };
  }
}

const idOf = ({ kind, rowId }: Entry): object => (kind === "insert" && rowId !== null ? { id: rowId } : {});

function settle({ entries, isPush }: Sent, { status, seq, json }: Answer): void {
  const results = isPush && status === 200 ? (json as { results: PushedResult[] }).results : null;
  for (const [at, entry] of entries.entries()) {
    const result = results?.[at];
    const isDone = result === undefined ? status < 300 && !isPush : result.status !== "error";
    entry.outcome = isDone ? "acknowledged" : "refused";
    if (!isDone) continue;
    entry.seq = result === undefined ? seq : (result.seq ?? null);
    if (entry.kind === "insert") entry.rowId = result?.row_id ?? (json as { id: string }).id;
  }
}

/** The other end is gone: killed, or shutting down. */
const isHangUp = (error: unknown): boolean =>
  error instanceof Error && "code" in error && ["ECONNRESET", "ECONNREFUSED", "EPIPE"].includes(String(error.code));

function ask(
  agent: Agent,
  { port }: Target,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { "Content-Length": String(Buffer.byteLength(body)) };
    const request = httpRequest({ agent, port, host: "127.0.0.1", method, path, headers: { ...headers, ...length } });
    request.on("error", reject).on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject).on("end", () => {
        const seq = response.headers["x-pylon-change-seq"];
        const json: unknown = JSON.parse(Buffer.concat(chunks).toString());
        resolve({ status: response.statusCode ?? 0, seq: typeof seq === "string" ? Number(seq) : null, json });
      });
    });
    request.end(body);
  });
}

interface Told {
  readonly type?: string;
  readonly seq: number;
  readonly row_id: string;
  readonly kind: Entry["kind"];
  readonly data?: { readonly title?: string };
}

/** Notes down what a socket is told until it ends. */
export function listen({ port }: Target, token: string, ledger: Ledger): Promise<WebSocket> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/sync/ws`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    // A kill is an error for the socket, and what the test is about.
    socket.on("error", () => resolve(socket));
    socket.on("open", () => resolve(socket));
    socket.on("message", (data) => {
      const { type, seq, row_id, kind, data: row } = JSON.parse(String(data)) as Told;
      if (type === undefined) ledger.heard.push({ seq, row_id, kind, mark: row?.title ?? null });
    });
  });
}
