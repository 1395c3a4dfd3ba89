import SQLite from "better-sqlite3";
import { eventsOf, type FeedEvent } from "./feed-check.ts";

/** One write that was sent. Its title is its mark: no other write has it. */
export interface Entry {
  readonly kind: "insert" | "update" | "delete";
  readonly mark: string;
  /** Null for an insert whose id the server makes, until it is answered. */
  rowId: string | null;
  /** Whether the server should do it; the rest are writes that must be refused. */
  readonly isGood: boolean;
  /** `open`: sent, and the connection ended before an answer. */
  outcome: "open" | "acknowledged" | "refused";
  /** What `X-Pylon-Change-Seq` or a push result named. */
  seq: number | null;
}

/** What a socket was told. */
export type Heard = Pick<FeedEvent, "seq" | "row_id" | "kind"> & { readonly mark: string | null };

/** Everything that was sent to one database and became known of it, over restarts. */
export interface Ledger {
  readonly entries: Entry[];
  readonly heard: Heard[];
}

export const newLedger = (): Ledger => ({ entries: [], heard: [] });

const titleOf = (text: string | null): string | null =>
  text === null ? null : (JSON.parse(text) as { title: string }).title;

/**
 * Where the database differs from what callers were told, in words: a lost acknowledged write, an event of a refused write or of none,
 * a write that was done twice, an event that a socket heard and the feed does not have, a row that is not as last acknowledged.
 */
export function brokenPromises(dbPath: string, { entries, heard }: Ledger): string[] {
  const problems: string[] = [];
  const events = eventsOf(dbPath).filter(({ entity }) => entity === "Todo");
  const unexplained = new Map(events.map((event) => [event.seq, event]));
  const byWrite = new Map<string, FeedEvent[]>();
  for (const event of events) {
    const key = `${event.kind} ${event.kind === "delete" ? event.row_id : titleOf(event.data)}`;
    byWrite.set(key, [...(byWrite.get(key) ?? []), event]);
  }

  for (const entry of entries) {
    const { kind, mark, rowId, outcome, seq } = entry;
    const done = byWrite.get(`${kind} ${kind === "delete" ? rowId : mark}`) ?? [];
    for (const event of done) unexplained.delete(event.seq);
    const said = `${outcome} ${kind} ${mark}`;
    if (done.length > 1) problems.push(`${said}: done ${done.length} times`);
    if (outcome === "refused" && done.length > 0) problems.push(`${said}: has an event`);
    if (outcome !== "acknowledged") continue;
    const [event] = done;
    if (event === undefined) problems.push(`${said}: lost`);
    else if (event.row_id !== rowId) problems.push(`${said}: is of row ${event.row_id}, not ${rowId}`);
    else if (seq !== null && event.seq !== seq) problems.push(`${said}: event ${event.seq} was announced as ${seq}`);
  }
  for (const event of unexplained.values()) problems.push(`event ${event.seq}: nobody asked for it`);

  const bySeq = new Map(events.map((event) => [event.seq, event]));
  for (const { seq, row_id, kind, mark } of heard) {
    const event = bySeq.get(seq);
    const isSame =
      event?.row_id === row_id && event.kind === kind && (kind === "delete" || titleOf(event.data) === mark);
    if (!isSame) problems.push(`event ${seq} was sent to a socket and is not in the feed`);
  }
  return [...problems, ...wrongRows(dbPath, entries)];
}

/** Rows whose last write was answered must be as it left them, whatever the feed says. */
function wrongRows(dbPath: string, entries: readonly Entry[]): string[] {
  const last = new Map<string, Entry>();
  for (const entry of entries)
    if (entry.rowId !== null && entry.outcome !== "refused" && entry.isGood) last.set(entry.rowId, entry);
  const db = new SQLite(dbPath);
  const title = db.prepare<[string], string>('SELECT title FROM "Todo" WHERE id = ?').pluck();
  const wrong = [...last].flatMap(([id, { kind, mark, outcome }]) => {
    const found = title.get(id);
    return outcome === "open" || found === (kind === "delete" ? undefined : mark)
      ? []
      : [`row ${id}: ${found ?? "gone"} after the acknowledged ${kind} ${mark}`];
  });
  db.close();
  return wrong;
}
