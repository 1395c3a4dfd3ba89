import SQLite from "better-sqlite3";
import { PylonError } from "../../kernel/errors.ts";
import { SQL_FUNCTIONS } from "../../sql/coerce.ts";
import { hasWords } from "../../sql/words.ts";
import { storageFailed } from "../errors.ts";
import { translate } from "./errors.ts";

/**
 * Functions that generated SQL calls; the same source answers in JavaScript, so both give the same value. Deterministic, so
 * SQLite may call them once for constant arguments and use them in indexes.
 */
export function registerFunctions(db: SQLite.Database): void {
  // `varargs`, because the driver takes the arity from `fn.length`, which parameters with defaults do not count in.
  for (const { name, fn } of SQL_FUNCTIONS) db.function(name, { deterministic: true, varargs: true }, fn);
  db.function("pylon_words", { deterministic: true, varargs: true }, (query: unknown, ...texts: unknown[]) =>
    hasWords(
      String(query),
      texts.map((text) => (typeof text === "string" ? text : null)),
    )
      ? 1
      : 0,
  );
}

export interface ConnectionOptions {
  /** A file path, or ":memory:". */
  readonly path: string;
  /** Path of `better_sqlite3.node` where it does not stand in node_modules (D5). */
  readonly nativeBinding?: string | undefined;
}

/** Milliseconds to wait for a program outside of the server (a backup, the sqlite3 shell) that holds a lock. */
const BUSY_MS = 2_000;
/** The WAL file is cut to this size when it is reset: 64 MB (reliability 3.3). */
const JOURNAL_BYTES_MAX = 64 * 1024 * 1024;

/** FULL: an answered write survives a power cut. NORMAL may lose the last writes then, never the file. */
export type Durability = "full" | "normal";

export const openWriter = (options: ConnectionOptions, durability: Durability): SQLite.Database =>
  openWith(options, false, [
    // References are the app's business (dsl 1.5: no existence check), so a foreign key in a file made elsewhere is not enforced.
    "foreign_keys = OFF",
    "journal_mode = WAL",
    `synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`,
    `journal_size_limit = ${JOURNAL_BYTES_MAX}`,
  ]);

export const openReader = (options: ConnectionOptions): SQLite.Database => openWith(options, true, []);

function openWith(options: ConnectionOptions, readonly: boolean, pragmas: readonly string[]): SQLite.Database {
  const db = openFile(options, { readonly, timeout: BUSY_MS });
  try {
    for (const pragma of ["temp_store = MEMORY", ...pragmas]) db.pragma(pragma);
    return db;
  } catch (error) {
    db.close();
    throw translate(error);
  }
}

/** Opens a file and nothing more. The driver answers a folder that is not there with a TypeError. */
export function openFile({ path, nativeBinding }: ConnectionOptions, options: SQLite.Options): SQLite.Database {
  try {
    return new SQLite(path, { ...options, nativeBinding });
  } catch (error) {
    const told = translate(error);
    throw told === error && error instanceof Error ? storageFailed(`${path}: ${error.message}`) : told;
  }
}

/** Milliseconds that a restart waits for the process before it to be gone. */
const WAIT_MS = 500;

/**
 * Holds the database for this process: an exclusive transaction on an empty SQLite file beside it. The lock is the operating
 * system's, so it is gone with the process, also after kill -9, and no stale file has to be recognised. Gives the function that
 * releases it.
 */
export function lockDatabase(path: string, nativeBinding: string | undefined): () => void {
  const lock = openFile({ path: `${path}.lock`, nativeBinding }, { timeout: WAIT_MS });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (error instanceof SQLite.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      throw new PylonError("DATABASE_LOCKED", `Another process is using ${path}`, 503, {
        hint: "Stop the other server, or give this one a file of its own with PYLON_DB_PATH.",
      });
    throw translate(error);
  }
  return () => void lock.close();
}
