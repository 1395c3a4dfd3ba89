import SQLite from "better-sqlite3";
import { storageFailed } from "../errors.ts";
import { translate } from "./errors.ts";

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
