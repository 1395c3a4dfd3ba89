import { Worker } from "node:worker_threads";
import type { Timers } from "../../kernel/clock.ts";
import { PylonError } from "../../kernel/errors.ts";
import type { Limits } from "../../kernel/limits.ts";
import { overloaded, queryTimeout, StorageError, shuttingDown, storageFailed } from "../errors.ts";
import type { Args, RunResult, SqlConnection } from "../ports.ts";
import type { ConnectionOptions } from "./connection.ts";

/** `workerData.pylonReader`: the file that is run as a reader thread is the server's own bundle, so it has to be told apart. */
export interface ReaderThreadData extends ConnectionOptions {
  readonly statementsMax: number;
}

export type ScanKind = "all" | "get" | "run" | "text";

export interface ScanRequest {
  readonly kind: ScanKind;
  readonly sql: string;
  readonly args: Args;
}

/** One answer for each request, in order. Errors lose their class on the way, so they travel as the code and message of their kind. */
export type ScanReply =
  | { readonly value: unknown }
  | { readonly error: { readonly code: string; readonly message: string; readonly pylon: boolean } };

export interface ReaderThreadParts {
  /** The script of a thread: it calls `runReaderThread()` when `isReaderThread()`. */
  readonly entry: URL | string;
  readonly data: ReaderThreadData;
  readonly timers: Timers;
  readonly limits: Pick<Limits, "scanMs" | "scanQueueMax" | "readerThreadsMax">;
}

interface Scan {
  readonly request: ScanRequest;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly stopTimer: () => void;
  thread: Worker | null;
}

/**
 * Statements that may touch many rows, off the event loop (D10). Threads start when first needed. The deadline counts from the
 * call: a scan still in the queue is dropped, a running one loses its thread, and another thread takes its place.
 */
export class ReaderThreads implements SqlConnection {
  readonly #parts: ReaderThreadParts;
  readonly #queue: Scan[] = [];
  readonly #running = new Map<Worker, Scan | null>();
  /** Threads that were told to end: SQLite cannot be interrupted inside one step, so this may take a while. */
  #ending = 0;
  #closed = false;

  constructor(parts: ReaderThreadParts) {
    this.#parts = parts;
  }

  all<T>(sql: string, args: ScanRequest["args"]): Promise<T[]> {
    return this.#ask({ kind: "all", sql, args });
  }

  get<T>(sql: string, args: ScanRequest["args"]): Promise<T | undefined> {
    return this.#ask({ kind: "get", sql, args });
  }

  run(sql: string, args: ScanRequest["args"]): Promise<RunResult> {
    return this.#ask({ kind: "run", sql, args });
  }

  text(sql: string, args: ScanRequest["args"]): Promise<string | null> {
    return this.#ask({ kind: "text", sql, args });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const scan of this.#queue.splice(0)) this.#finish(scan, () => scan.reject(shuttingDown()));
    for (const scan of this.#running.values()) if (scan !== null) this.#finish(scan, () => scan.reject(shuttingDown()));
    const threads = [...this.#running.keys()];
    this.#running.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #ask<T>(request: ScanRequest): Promise<T> {
    const { limits, timers } = this.#parts;
    if (this.#closed) return Promise.reject(shuttingDown());
    if (this.#queue.length >= limits.scanQueueMax) return Promise.reject(overloaded("queries"));
    return new Promise<T>((resolve, reject) => {
      const stopTimer = timers.after(limits.scanMs, () => this.#overrun(scan));
      const scan: Scan = { request, resolve: resolve as Scan["resolve"], reject, stopTimer, thread: null };
      this.#queue.push(scan);
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const thread = this.#freeThread();
      const scan = thread && this.#queue.shift();
      if (!thread || !scan) return;
      scan.thread = thread;
      this.#running.set(thread, scan);
      thread.postMessage(scan.request);
    }
  }

  #freeThread(): Worker | null {
    for (const [thread, scan] of this.#running) if (scan === null) return thread;
    const { readerThreadsMax } = this.#parts.limits;
    // Ending threads still burn a core each; with too many of them new scans wait for one to be gone.
    if (this.#running.size >= readerThreadsMax || this.#running.size + this.#ending >= 2 * readerThreadsMax)
      return null;
    return this.#start();
  }

  #start(): Worker {
    const thread = new Worker(this.#parts.entry, { workerData: { pylonReader: this.#parts.data } });
    thread.unref();
    thread.on("message", (reply: ScanReply) => this.#answered(thread, reply));
    thread.on("error", (error) => this.#lost(thread, error));
    this.#running.set(thread, null);
    return thread;
  }

  #answered(thread: Worker, reply: ScanReply): void {
    const scan = this.#running.get(thread);
    if (!scan) return;
    this.#running.set(thread, null);
    this.#finish(scan, () => ("error" in reply ? scan.reject(revive(reply.error)) : scan.resolve(reply.value)));
    this.#dispatch();
  }

  /** The thread ended by itself (out of memory, the file cannot be opened). */
  #lost(thread: Worker, error: unknown): void {
    const scan = this.#running.get(thread);
    this.#running.delete(thread);
    if (scan) this.#finish(scan, () => scan.reject(storageFailed(`A reader thread ended: ${String(error)}`)));
    this.#dispatch();
  }

  #overrun(scan: Scan): void {
    const { thread } = scan;
    scan.reject(queryTimeout(this.#parts.limits.scanMs));
    if (thread === null) {
      this.#queue.splice(this.#queue.indexOf(scan), 1);
      return;
    }
    this.#running.delete(thread);
    this.#ending += 1;
    thread.terminate().finally(() => {
      this.#ending -= 1;
      this.#dispatch();
    });
    this.#dispatch();
  }

  #finish(scan: Scan, tell: () => void): void {
    scan.stopTimer();
    tell();
  }
}

function revive({ code, message, pylon }: { code: string; message: string; pylon: boolean }): Error {
  return pylon ? new PylonError(code, message, 503) : new StorageError(code, message);
}
