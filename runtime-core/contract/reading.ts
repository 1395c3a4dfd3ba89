/** Query parameters and answers of the reading routes (H-ENT-LIST, H-ENT-CURSOR). */
import type { Limits } from "../kernel/limits.ts";
import type { Reply } from "../net/ports.ts";
import type { Args, SqlConnection } from "../storage/ports.ts";
import type { App } from "./app.ts";
import { invalidParameter } from "./refusing.ts";

/** Above this many rows a list is read on a reader thread, so that it does not hold up the event loop (D10). */
export const INLINE_ROWS = 1_000;

/** The window of a list. `limit` is null in the answer when the caller named none. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
  readonly shownLimit: number | null;
  /** The limit is the server's, so rows may be left over: `X-Pylon-Truncated`. */
  readonly capped: boolean;
  /** A column's name, not yet checked; "id" unless asked otherwise. */
  readonly sort: string;
  readonly descending: boolean;
  readonly words: string;
}

const FIRST_PAGE = { offset: 0, shownLimit: null, capped: true, sort: "id", descending: false, words: "" } as const;

export function listPage(search: string, limits: Limits): Page {
  if (search === "") return { ...FIRST_PAGE, limit: limits.queryRowsMax };
  const query = new URLSearchParams(search);
  const asked = whole(query, "limit");
  const capped = asked === null || asked > limits.queryRowsMax;
  const limit = capped ? limits.queryRowsMax : asked;
  return {
    limit,
    offset: whole(query, "offset") ?? 0,
    shownLimit: asked === null ? null : limit,
    capped,
    sort: query.get("sort") ?? "id",
    descending: query.get("order") === "desc",
    words: query.get("q")?.trim() ?? "",
  };
}

export interface CursorPage {
  readonly after: string;
  readonly limit: number;
}

/** `limit` 20 by default and 100 at most, as on the wire. */
export function cursorPage(search: string): CursorPage {
  const query = new URLSearchParams(search);
  return { after: query.get("after") ?? "", limit: Math.min(whole(query, "limit") ?? 20, 100) };
}

function whole(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === "") return null;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw invalidParameter(name, text);
  return value;
}

/** What a list statement gives: the rows as one JSON array, and how many they are. */
export interface Rows {
  readonly data: string;
  readonly count: number;
}

const NO_ROWS: Rows = { data: "[]", count: 0 };

const TRUNCATED = ["X-Pylon-Truncated", "1"];

const listReply = (rows: Rows, page: Page, isTruncated: boolean): Reply => ({
  status: 200,
  body: `{"data":${rows.data},"count":${rows.count},"limit":${page.shownLimit},"offset":${page.offset}}`,
  ...(isTruncated ? { headers: TRUNCATED } : {}),
});

const cursorReply = (data: string, lastId: string | null, hasMore: boolean): Reply => ({
  status: 200,
  body: `{"data":${data},"next_cursor":${lastId === null ? null : JSON.stringify(lastId)},"has_more":${hasMore}}`,
});

/** The list of a caller who may read no row. */
export const noRows = (page: Page): Reply => listReply(NO_ROWS, page, false);
export const noPage = (): Reply => cursorReply("[]", null, false);

export const rowReply = (row: string): Reply => ({ status: 200, body: row });

/** One of the statement sets that a read rule leaves for a caller, with the values it takes; null: no row at all. */
export interface ReadScope<Statements> {
  readonly sql: Statements;
  readonly args: Args;
}

/** A row of a snapshot pull: `data` is the wire row as JSON text. */
export interface SnapshotRow {
  readonly id: string;
  readonly data: string;
}

export const isDefaultOrder = (page: Page): boolean => page.sort === "id" && !page.descending;

/** ORDER BY of a column from the module's own table of columns; `id` breaks ties, so that pages do not overlap. */
export const ordered = (column: string, page: Page): string =>
  `${column}${page.descending ? " DESC" : ""}${column === '"id"' ? "" : ', "id"'}`;

/** Rows that are skipped are read all the same, so a far offset belongs to a reader thread like a long list (D10). */
const at = (app: App, on: SqlConnection, rows: number): SqlConnection => (rows > INLINE_ROWS ? app.db.scan : on);

/**
 * Answers a list from a statement that ends in `LIMIT ? OFFSET ?` and builds the answer as text (D22). A large limit is tried inline with few
 * rows first: most lists are short, and only a long one goes to a reader thread.
 */
export async function readList(app: App, on: SqlConnection, page: Page, sql: string, args: Args): Promise<Reply> {
  const rows = async (from: SqlConnection, limit: number, offset: number): Promise<Rows> =>
    (await from.get<Rows>(sql, [...args, limit, offset])) ?? NO_ROWS;
  const first = await rows(at(app, on, page.offset), Math.min(page.limit, INLINE_ROWS + 1), page.offset);
  const found =
    page.limit > INLINE_ROWS && first.count > INLINE_ROWS ? await rows(app.db.scan, page.limit, page.offset) : first;
  const isFull = page.capped && found.count === page.limit;
  return listReply(
    found,
    page,
    isFull && (await rows(at(app, on, page.offset + page.limit), 1, page.offset + page.limit)).count > 0,
  );
}

/** The same for rows that JavaScript prints for the caller's eyes. */
export async function readRows<Columns>(
  app: App,
  on: SqlConnection,
  page: Page,
  sql: string,
  args: Args,
  show: (row: Columns) => string,
): Promise<Reply> {
  const found = await at(app, on, page.offset + page.limit).all<Columns>(sql, [...args, page.limit, page.offset]);
  const isFull = page.capped && found.length === page.limit;
  const isTruncated =
    isFull && (await at(app, on, page.offset + page.limit).all(sql, [...args, 1, page.offset + page.limit])).length > 0;
  return listReply({ data: `[${found.map(show).join(",")}]`, count: found.length }, page, isTruncated);
}

/** Answers a page after an id. `next_cursor` is the last row's id, also on the last page (H-ENT-CURSOR). */
export async function readPage(on: SqlConnection, page: CursorPage, sql: string, args: Args): Promise<Reply> {
  type Found = Rows & { readonly last: string | null };
  const rows = async (after: string, limit: number) => await on.get<Found>(sql, [...args, after, limit]);
  const found = (await rows(page.after, page.limit)) ?? { ...NO_ROWS, last: null };
  const last = found.last ?? (page.limit === 0 && page.after !== "" ? page.after : null);
  const isFull = found.count === page.limit;
  return cursorReply(found.data, last, isFull && ((await rows(last ?? page.after, 1))?.count ?? 0) > 0);
}

export async function readRowPage<Columns extends { readonly id: string }>(
  on: SqlConnection,
  page: CursorPage,
  sql: string,
  args: Args,
  show: (row: Columns) => string,
): Promise<Reply> {
  const found = await on.all<Columns>(sql, [...args, page.after, page.limit]);
  const last = found.at(-1)?.id ?? (page.limit === 0 && page.after !== "" ? page.after : null);
  const isFull = found.length === page.limit;
  const hasMore = isFull && (await on.all(sql, [...args, last ?? page.after, 1])).length > 0;
  return cursorReply(`[${found.map(show).join(",")}]`, last, hasMore);
}
