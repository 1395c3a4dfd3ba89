import type SQLite from "better-sqlite3";
import { SQL_FUNCTIONS } from "../../sql/coerce.ts";
import { hasWords } from "../../sql/words.ts";

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
