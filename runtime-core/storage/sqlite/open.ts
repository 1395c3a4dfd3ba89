import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import { systemTimers, type Timers } from "../../kernel/clock.ts";
import type { Limits } from "../../kernel/limits.ts";
import { sqlite } from "../../sql/dialect.ts";
import { storageFailed } from "../errors.ts";
import type { Capabilities, Database } from "../ports.ts";
import { startCheckpoints } from "./checkpoint.ts";
import {
  type ConnectionOptions,
  type Durability,
  lockDatabase,
  openReader,
  openWriter,
  registerFunctions,
} from "./connection.ts";
import { introspect } from "./introspect.ts";
import { inlineReader, sharedReader, sharedSnapshot } from "./reader.ts";
import { ReaderThreads } from "./reader-threads.ts";
import { Snapshots } from "./snapshots.ts";
import { Statements } from "./statements.ts";
import { WriterQueue } from "./writer-queue.ts";

export interface SqliteOptions extends ConnectionOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly timers?: Timers;
  /** Script of the reader threads, which calls `runReaderThread()`; without it scans run on the event loop. */
  readonly readerEntry?: URL | string | undefined;
  /** "full" unless the operator says otherwise (D9). */
  readonly durability?: Durability;
}

const CAPABILITIES: Capabilities = Object.freeze({ sequenceInTransaction: true, inProcess: true });

/**
 * Opens (or makes) a database. `:memory:` is for tests: one connection, reads wait for an open transaction. Throws
 * `PylonError` `DATABASE_LOCKED` when another process has the file, `STORAGE_FAILED` when it cannot be used.
 */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  return options.path === ":memory:" ? openMemory(options) : openFile(options);
}

function openFile(options: SqliteOptions): Database {
  makeFolder(options.path);
  const unlock = lockDatabase(options.path, options.nativeBinding);
  try {
    return openLocked(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw storageFailed(`the folder of ${path} cannot be made: ${error instanceof Error ? error.message : ""}`);
  }
}

function openLocked(options: SqliteOptions, unlock: () => void): Database {
  const { path, nativeBinding, limits, readerEntry, durability = "full", timers = systemTimers } = options;
  const connection = { path, nativeBinding };
  const written = openStatements(openWriter(connection, durability), limits);
  const open = (): Statements => openStatements(openReader(connection), limits);
  const readers = open();
  const writer = new WriterQueue({ statements: written, clock: options.clock, timers, limits });
  const stopCheckpoints = startCheckpoints(written, writer, timers);
  const data = { ...connection, statementsMax: limits.statementsMax };
  const threads = readerEntry === undefined ? null : new ReaderThreads({ entry: readerEntry, data, timers, limits });
  const read = inlineReader(() => readers);
  const snapshots = new Snapshots({ open, timers, limits });
  const reads = { read, scan: threads ?? read, snapshot: snapshots.take.bind(snapshots) };
  return database(reads, writer, async () => {
    stopCheckpoints();
    snapshots.close();
    await threads?.close();
    readers.connection.close();
    written.connection.close();
    unlock();
  });
}

function openMemory(options: SqliteOptions): Database {
  const { limits, clock, timers = systemTimers } = options;
  const statements = openStatements(openWriter(options, "normal"), limits);
  const writer = new WriterQueue({ statements, clock, timers, limits });
  const read = sharedReader(statements, () => writer.committed());
  const reads = { read, scan: read, snapshot: sharedSnapshot(statements, writer, limits.snapshotMs) };
  return database(reads, writer, async () => void statements.connection.close());
}

function openStatements(connection: ReturnType<typeof openWriter>, limits: Limits): Statements {
  registerFunctions(connection);
  return new Statements(connection, limits.statementsMax);
}

function database(
  reads: Pick<Database, "read" | "scan" | "snapshot">,
  writer: WriterQueue,
  release: () => Promise<void>,
): Database {
  return {
    dialect: sqlite,
    capabilities: CAPABILITIES,
    ...reads,
    write: (work, options) => writer.write(work, options),
    introspect: (on = reads.read) => introspect(on),
    close: async () => {
      await writer.close();
      await release();
    },
  };
}
