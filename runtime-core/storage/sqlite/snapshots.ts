import type { Timers } from "../../kernel/clock.ts";
import type { Limits } from "../../kernel/limits.ts";
import { overloaded, shuttingDown, snapshotEnded, snapshotTimeout } from "../errors.ts";
import type { SqlConnection } from "../ports.ts";
import { attempt } from "./group.ts";
import { inlineReader } from "./reader.ts";
import type { Statements } from "./statements.ts";

export interface SnapshotParts {
  /** Opens a connection that cannot write. */
  readonly open: () => Statements;
  readonly timers: Timers;
  readonly limits: Pick<Limits, "snapshotConnectionsMax" | "snapshotQueueMax" | "snapshotMs">;
}

interface Snapshot {
  readonly work: (on: SqlConnection) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly stopTimer: () => void;
  /** Null while it waits and when it has ended. */
  connection: Statements | null;
}

/**
 * Reads of one state, on the event loop: each is a transaction on a connection that no other snapshot has meanwhile. Connections
 * are opened when first needed. The transaction ends with the work or at the deadline, so none keeps the WAL from being reset.
 */
export class Snapshots {
  readonly #parts: SnapshotParts;
  readonly #waiting: Snapshot[] = [];
  readonly #running = new Set<Snapshot>();
  /** The one used last is taken first: its pages and statements are warm. */
  readonly #idle: Statements[] = [];
  #closed = false;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  take<T>(work: (on: SqlConnection) => Promise<T>): Promise<T> {
    const { limits, timers } = this.#parts;
    if (this.#closed) return Promise.reject(shuttingDown());
    if (this.#waiting.length >= limits.snapshotQueueMax) return Promise.reject(overloaded("snapshots"));
    return new Promise<T>((resolve, reject) => {
      const stopTimer = timers.after(limits.snapshotMs, () => this.#overrun(snapshot));
      const snapshot: Snapshot = {
        work,
        resolve: resolve as Snapshot["resolve"],
        reject,
        stopTimer,
        connection: null,
      };
      this.#waiting.push(snapshot);
      this.#dispatch();
    });
  }

  close(): void {
    this.#closed = true;
    for (const snapshot of this.#waiting.splice(0)) this.#refuse(snapshot, shuttingDown());
    for (const snapshot of this.#running) this.#end(snapshot, () => snapshot.reject(shuttingDown()));
    for (const { connection } of this.#idle.splice(0)) connection.close();
  }

  #dispatch(): void {
    while (this.#running.size < this.#parts.limits.snapshotConnectionsMax) {
      const snapshot = this.#waiting.shift();
      if (snapshot === undefined) return;
      this.#begin(snapshot);
    }
  }

  #begin(snapshot: Snapshot): void {
    let connection: Statements | undefined;
    try {
      connection = this.#idle.pop() ?? this.#parts.open();
      connection.run("BEGIN", []);
    } catch (error) {
      connection?.connection.close();
      this.#refuse(snapshot, error);
      return;
    }
    snapshot.connection = connection;
    this.#running.add(snapshot);
    const on = inlineReader(() => {
      if (snapshot.connection === null) throw snapshotEnded();
      return snapshot.connection;
    });
    attempt(snapshot.work, on).then(
      (value) => this.#end(snapshot, () => snapshot.resolve(value)),
      (error) => this.#end(snapshot, () => snapshot.reject(error)),
    );
  }

  #overrun(snapshot: Snapshot): void {
    const at = this.#waiting.indexOf(snapshot);
    if (at === -1) this.#end(snapshot, () => snapshot.reject(snapshotTimeout(this.#parts.limits.snapshotMs)));
    else this.#refuse(this.#waiting.splice(at, 1)[0] ?? snapshot, overloaded("snapshots"));
  }

  #refuse(snapshot: Snapshot, error: unknown): void {
    snapshot.stopTimer();
    snapshot.reject(error);
  }

  /** Statements are synchronous, so none is running when the transaction is ended from outside. */
  #end(snapshot: Snapshot, tell: () => void): void {
    const { connection } = snapshot;
    if (connection === null) return;
    snapshot.connection = null;
    snapshot.stopTimer();
    this.#running.delete(snapshot);
    try {
      connection.run("COMMIT", []);
      this.#idle.push(connection);
    } catch {
      // The snapshot has what it read. Closing ends the transaction too, and the next one opens a connection.
      connection.connection.close();
    }
    tell();
    if (!this.#closed) this.#dispatch();
  }
}
