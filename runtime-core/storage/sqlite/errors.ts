import SQLite from "better-sqlite3";
import { StorageError, storageFailed, storageFull } from "../errors.ts";
import { UniqueViolation } from "../ports.ts";

const UNIQUE = /^UNIQUE constraint failed: (.+)$/;
const INDEX = /^index '(.+)'$/;

/** "Todo.a, Todo.b" are columns; of an index on an expression SQLite only tells the name: "index 'name'". */
function uniqueColumns(message: string): readonly string[] {
  const what = UNIQUE.exec(message)?.[1] ?? message;
  const index = INDEX.exec(what)?.[1];
  return index === undefined ? what.split(", ") : [index];
}

/** Codes that say the file or the disk is at fault, not the statement. Extended codes start with these. */
const FAILED = /^SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|BUSY|LOCKED|PROTOCOL|NOMEM|PERM|AUTH|INTERRUPT)/;

/** The port's error for one of SQLite's; anything else (a bad argument is a TypeError) is given back as it is. */
export function translate(error: unknown): unknown {
  if (!(error instanceof SQLite.SqliteError)) return error;
  const { code, message } = error;
  if (UNIQUE.test(message)) return new UniqueViolation(uniqueColumns(message));
  if (code.startsWith("SQLITE_FULL")) return storageFull(message);
  if (FAILED.test(code)) return storageFailed(`${code}: ${message}`);
  return new StorageError(code, message);
}
