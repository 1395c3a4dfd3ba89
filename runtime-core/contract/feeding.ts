/** Rows between the feed and the rules. */
import { printDatetime } from "../kernel/datetime.ts";
import type { SqlConnection, SqlValue } from "../storage/ports.ts";

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
