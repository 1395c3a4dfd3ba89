import SQLite from "better-sqlite3";
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

export function openWriter(options: ConnectionOptions, durability: Durability): SQLite.Database {
  const db = open(options, false);
  // References are the app's business (dsl 1.5: no existence check), so a foreign key in a file made elsewhere is not enforced.
  db.pragma("foreign_keys = OFF");
  db.pragma("journal_mode = WAL");
  db.pragma(`synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
  db.pragma(`journal_size_limit = ${JOURNAL_BYTES_MAX}`);
  return db;
}

export const openReader = (options: ConnectionOptions): SQLite.Database => open(options, true);

function open({ path, nativeBinding }: ConnectionOptions, readonly: boolean): SQLite.Database {
  try {
    const db = new SQLite(path, { readonly, nativeBinding, timeout: BUSY_MS });
    db.pragma("temp_store = MEMORY");
    return db;
  } catch (error) {
    throw translate(error);
  }
}
