import { printDatetime } from "../kernel/datetime.ts";
import { PylonError } from "../kernel/errors.ts";
import type { SqlConnection, SqlValue } from "../storage/ports.ts";
import type { App } from "./app.ts";

let lastText = "";
let lastRow: unknown = null;

/**
 * The row in a feed text. Fan-out asks for the same text once a group of callers, one group after the other, so the last one is
 * kept; rows are never changed.
 */
export function fedRow<Row>(text: string): Row {
  if (text !== lastText) {
    lastRow = JSON.parse(text);
    lastText = text;
  }
  return lastRow as Row;
}

/** Canonical text of a datetime that was printed without milliseconds. */
export const fullDatetime = <T extends string | null>(shown: T): T =>
  (shown !== null && shown.length === 20 ? `${shown.slice(0, -1)}.000Z` : shown) as T;

export const shownDatetime = (canonical: string | null): string | null =>
  canonical === null ? null : printDatetime(canonical);

/** Whether a row that a rule's `exists` asks for is there. */
export const exists = async (on: SqlConnection, sql: string, args: readonly SqlValue[]): Promise<boolean> =>
  (await on.get(sql, args)) !== undefined;

const cipherOf = ({ cipher }: App) => {
  if (cipher === null) throw new PylonError("ENCRYPTION_NOT_CONFIGURED", "PYLON_SECRET is not set", 503);
  return cipher;
};

/** The value of an `.encrypted()` field as the row and the feed keep it. Throws 503 where the server has no key. */
export const seal = <T extends string | null>(app: App, text: T): T =>
  (text === null ? text : cipherOf(app).seal(text)) as T;

/** The same as rules and answers have it. */
export const open = <T extends string | null>(app: App, sealed: T): T =>
  (sealed === null ? sealed : cipherOf(app).open(sealed)) as T;
