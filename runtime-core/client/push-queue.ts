import type { PushAnswer, PushResult } from "../protocol/push.ts";
import { asClientError, isPassing, PylonClientError } from "./errors.ts";
import type { Http } from "./http.ts";
import type { Optimistic, PendingChange } from "./optimistic.ts";
import type { Replica } from "./replica.ts";

/** Changes in one push, well below what servers take. */
const PUSH_CHANGES_MAX = 500;

interface Waiting {
  readonly change: PendingChange;
  /** What the server gets as `data`. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly opId: string;
  readonly done: () => void;
  readonly failed: (error: PylonClientError) => void;
}

/**
 * Writes on their way to the server: shown at once, sent in order, one push in flight. A push without an answer is sent again, which is
 * safe because every change has its operation id. A refused change is taken back and its promise rejected.
 */
export class PushQueue {
  readonly #http: Http;
  readonly #replica: Replica;
  readonly #optimistic: Optimistic;
  readonly #newId: () => string;
  readonly #clientId: string;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(http: Http, replica: Replica, optimistic: Optimistic, newId: () => string) {
    this.#http = http;
    this.#replica = replica;
    this.#optimistic = optimistic;
    this.#newId = newId;
    this.#clientId = newId();
  }

  /** Shows the change and queues it; settles with the server's answer. The caller flushes. */
  add(change: PendingChange, body?: Readonly<Record<string, unknown>>): Promise<void> {
    this.#optimistic.add(change);
    this.#replica.refresh(change.entity, change.rowId);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, body, opId: this.#newId(), done: resolve, failed: reject });
    });
  }

  /** Sends what waits. False: the server cannot be reached now, and the changes stay queued. */
  async flush(): Promise<boolean> {
    if (this.#sending) return true;
    this.#sending = true;
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting.slice(0, PUSH_CHANGES_MAX);
        if (!(await this.#send(batch))) return false;
      }
      return true;
    } finally {
      this.#sending = false;
    }
  }

  /** Whether an answered change still waits for its event. */
  hasUnconfirmed(): boolean {
    return this.#optimistic.all().some((change) => change.seq !== null);
  }

  /** Takes back all that waits: the caller is someone else now, or the client is closed. */
  rejectAll(error: PylonClientError): void {
    for (const waiting of this.#waiting.splice(0)) this.#fail(waiting, error);
    for (const change of this.#optimistic.all()) this.#takeBack(change);
  }

  async #send(batch: readonly Waiting[]): Promise<boolean> {
    const changes = batch.map(({ change, body, opId }) => ({
      entity: change.entity,
      row_id: change.rowId,
      kind: change.kind,
      data: body,
      op_id: opId,
    }));
    try {
      const push = { client_id: this.#clientId, changes };
      const { results } = await this.#http.request<PushAnswer>("POST", "/api/sync/push", push);
      this.#forget(batch);
      for (const [i, waiting] of batch.entries()) this.#settle(waiting, results[i]);
    } catch (thrown) {
      const error = asClientError(thrown);
      if (isPassing(error)) return false;
      this.#forget(batch);
      for (const waiting of batch) this.#fail(waiting, error);
    }
    return true;
  }

  /** Not by position: `rejectAll` may have emptied the queue while the push was under way. */
  #forget(batch: readonly Waiting[]): void {
    this.#waiting = this.#waiting.filter((waiting) => !batch.includes(waiting));
  }

  #settle(waiting: Waiting, result: PushResult | undefined): void {
    if (result?.status !== "applied" && result?.status !== "replayed") {
      const { code, message } = result?.error ?? {
        code: "BAD_ANSWER",
        message: "The server did not answer this change.",
      };
      this.#fail(waiting, new PylonClientError(code, message, STATUS_OF[code] ?? 400));
      return;
    }
    waiting.change.seq = result.seq ?? 0;
    this.#replica.refresh(waiting.change.entity, waiting.change.rowId);
    waiting.done();
  }

  #fail(waiting: Waiting, error: PylonClientError): void {
    this.#takeBack(waiting.change);
    waiting.failed(error);
  }

  #takeBack(change: PendingChange): void {
    this.#optimistic.drop(change);
    this.#replica.refresh(change.entity, change.rowId);
  }
}

/** A push answers 200 with a code for each change; this is the status that the same refusal has on the entity routes. */
const STATUS_OF: Readonly<Record<string, number>> = {
  POLICY_DENIED: 403,
  NOT_FOUND: 404,
  ENTITY_NOT_FOUND: 404,
  OP_ID_REUSED: 409,
};
