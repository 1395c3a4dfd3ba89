import type { Clock } from "../kernel/clock.ts";
import { crashPoint } from "../kernel/crash.ts";
import type { Random } from "../kernel/ids.ts";
import type { Database } from "../storage/ports.ts";
import type { Change, ChangeLog, FeedEvent } from "./ports.ts";
import { numbered, readEpoch, readFloor } from "./tables.ts";

export interface ChangeLogOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Names what a feed row holds (D15). Events of another schema are as if they were no longer kept. */
  readonly schemaId: string;
}

/** The feed of this process: what was committed, in order, from the table and as it happens. */
export interface Feed extends ChangeLog {
  /** Which life of the database this is: random, new with a new feed. */
  readonly epoch: string;
  readonly schemaId: string;
  /** Number of the last committed event; 0 when there is none. */
  head(): number;
  /** Number of the oldest event that is kept; head + 1 when there is none. */
  oldest(): Promise<number>;
  /** Committed events after `seq`, ascending, at most `limit`. The first is `seq + 1` unless older ones are no longer kept. */
  since(seq: number, limit: number): Promise<readonly FeedEvent[]>;
  /** Called with every event after its COMMIT, strictly in the order of `seq`. Gives the function that ends it. */
  onCommitted(listener: (event: FeedEvent) => void): () => void;
}

interface FeedRow {
  readonly seq: number;
  readonly entity: string;
  readonly row_id: string;
  readonly kind: FeedEvent["kind"];
  readonly data: string | null;
  readonly prev: string | null;
  readonly at: number;
}

/** Opens the feed of a database; `createLogTables` must have run. */
export async function openChangeLog(db: Database, options: ChangeLogOptions): Promise<Feed> {
  const { clock, random, schemaId } = options;
  const insert = numbered(
    db.dialect,
    "INSERT INTO _pylon_feed (entity, row_id, kind, data, prev, at, schema) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const select = numbered(
    db.dialect,
    "SELECT seq, entity, row_id, kind, data, prev, at FROM _pylon_feed WHERE seq > ? ORDER BY seq LIMIT ?",
  );
  const listeners = new Set<(event: FeedEvent) => void>();
  const epoch = await readEpoch(db, random);
  let head =
    (await db.read.get<{ head: number }>("SELECT COALESCE(MAX(seq), 0) AS head FROM _pylon_feed", []))?.head ?? 0;
  const floor = await readFloor(db, schemaId, head);

  function publish(event: FeedEvent): void {
    head = event.seq;
    for (const listener of listeners) listener(event);
  }

  return {
    epoch,
    schemaId,
    head: () => head,
    async oldest() {
      const row = await db.read.get<{ oldest: number | null }>("SELECT MIN(seq) AS oldest FROM _pylon_feed", []);
      return Math.max(row?.oldest ?? head + 1, floor + 1);
    },
    async since(seq, limit) {
      const rows = await db.read.all<FeedRow>(select, [Math.max(seq, floor), limit]);
      return rows.map(({ row_id: rowId, ...rest }) => ({ ...rest, rowId }));
    },
    async append(unit, change: Change) {
      const { entity, rowId, kind, data, prev } = change;
      const at = clock.now();
      const { lastId: seq } = await unit.run(insert, [entity, rowId, kind, data, prev, at, schemaId]);
      crashPoint("after-feed");
      unit.afterCommit(() => publish({ seq, entity, rowId, kind, data, prev, at }));
      return seq;
    },
    onCommitted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
