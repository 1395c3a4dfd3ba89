import { PylonError } from "../kernel/errors.ts";

/** A statement that the database refused for what it says or carries (NOT NULL, CHECK, syntax). `code` is the engine's own. */
export class StorageError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "StorageError";
    this.code = code;
  }
}

/** The disk is full: writes fail until there is room, reads go on (reliability 3.3). */
export const storageFull = (detail: string): PylonError =>
  new PylonError("STORAGE_FULL", "The disk of the database is full", 503, { hint: detail, retryAfterSecs: 5 });

/** The database could not be reached, read or written; nothing of the unit was kept. */
export const storageFailed = (detail: string): PylonError =>
  new PylonError("STORAGE_FAILED", "The database cannot be used at the moment", 503, {
    hint: detail,
    retryAfterSecs: 1,
  });

export const overloaded = (what: string): PylonError =>
  new PylonError("OVERLOADED", `Too many ${what} are waiting`, 503, { retryAfterSecs: 1 });

export const queryTimeout = (ms: number): PylonError =>
  new PylonError("QUERY_TIMEOUT", `The query took longer than ${ms} ms`, 503, {
    hint: "Ask for less, or add an index for its filter and sort.",
  });

export const shuttingDown = (): PylonError =>
  new PylonError("SHUTTING_DOWN", "The server is shutting down", 503, { retryAfterSecs: 1 });

export const mutationWaits = (label: string | undefined): PylonError =>
  new PylonError(
    "MUTATION_WAITS",
    `${label ?? "A mutation"} waited for something that is not the database; it was rolled back`,
    500,
    { hint: "Fetch, sleep and hash before the mutation or in an action; inside it only await the database." },
  );

export const mutationTimeout = (label: string | undefined, ms: number): PylonError =>
  new PylonError("MUTATION_TIMEOUT", `${label ?? "A mutation"} was not done after ${ms} ms; it was rolled back`, 503);

/** A unit of work that goes on after its transaction ended would write into somebody else's. */
export const unitEnded = (): StorageError =>
  new StorageError("UNIT_ENDED", "This unit of work has ended; its connection may not be used any more");

/** Savepoints are a stack, so what a part wrote could be undone with another one: nothing of such a unit is kept. */
export const nestedOverlap = (): StorageError =>
  new StorageError("NESTED_OVERLAP", "A nested part of a unit was not awaited before the next one, or before the end");

export const snapshotTimeout = (ms: number): PylonError =>
  new PylonError("QUERY_TIMEOUT", `The reads took longer than ${ms} ms together`, 503, {
    hint: "Await nothing but the snapshot inside of it, and ask for less.",
  });

export const snapshotEnded = (): StorageError =>
  new StorageError("SNAPSHOT_ENDED", "This snapshot has ended; its connection may not be used any more");
