import { parentPort, workerData } from "node:worker_threads";
import { PylonError } from "../../kernel/errors.ts";
import { StorageError } from "../errors.ts";
import { openReader, registerFunctions } from "./connection.ts";
import type { ReaderThreadData, ScanReply, ScanRequest } from "./reader-threads.ts";
import { Statements } from "./statements.ts";

/** Whether this is a reader thread of a server; the entry asks before it does anything else. */
export const isReaderThread = (): boolean =>
  typeof workerData === "object" && workerData !== null && "pylonReader" in workerData;

/** Answers statements until the thread is ended. */
export function runReaderThread(): void {
  const port = parentPort;
  if (port === null) throw new Error("runReaderThread was called outside of a worker thread");
  const { statementsMax, ...connection } = (workerData as { pylonReader: ReaderThreadData }).pylonReader;
  const db = openReader(connection);
  registerFunctions(db);
  const statements = new Statements(db, statementsMax);
  port.on("message", (request: ScanRequest) => port.postMessage(answer(statements, request)));
}

function answer(statements: Statements, { kind, sql, args }: ScanRequest): ScanReply {
  try {
    return { value: statements[kind](sql, args) };
  } catch (error) {
    if (error instanceof PylonError) return { error: { code: error.code, message: error.message, pylon: true } };
    const code = error instanceof StorageError ? error.code : "SQLITE_ERROR";
    return { error: { code, message: error instanceof Error ? error.message : String(error), pylon: false } };
  }
}
