import SQLite from "better-sqlite3";
import { PylonError } from "../../kernel/errors.ts";
import { openFile } from "./connection.ts";
import { translate } from "./errors.ts";

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
