import { repeat, type Timers } from "../kernel/clock.ts";
import type { Limits } from "../kernel/limits.ts";
import type { Database } from "../storage/ports.ts";
import type { Feed } from "./feed.ts";
import type { OperationIds } from "./operation-ids.ts";
import { numbered } from "./tables.ts";

/** Rows removed in one unit of work, so that writers never wait long behind a sweep. */
const sweepRowsMax = 500;
const sweepMs = 30_000;

export interface RetentionParts {
  readonly db: Database;
  readonly feed: Feed;
  readonly operationIds: OperationIds;
  readonly limits: Pick<Limits, "feedEventsMax">;
}

/**
 * Removes events beyond the newest `feedEventsMax` and operation ids past their age; gives the rows removed. The newest event always
 * stays, since the next number is the highest one + 1.
 */
export async function sweepLog({ db, feed, operationIds, limits }: RetentionParts): Promise<number> {
  const remove = numbered(db.dialect, "DELETE FROM _pylon_feed WHERE seq <= ?");
  let removed = 0;
  const keepAfter = feed.head() - limits.feedEventsMax;
  for (let oldest = await feed.oldest(); oldest <= keepAfter; oldest += sweepRowsMax) {
    const through = Math.min(keepAfter, oldest + sweepRowsMax - 1);
    const { changes } = await db.write((unit) => unit.run(remove, [through]), { label: "forget old events" });
    removed += changes;
  }
  for (;;) {
    const forgotten = await operationIds.prune(sweepRowsMax);
    removed += forgotten;
    if (forgotten < sweepRowsMax) return removed;
  }
}

/** Sweeps now and then until the function it gives is called. A sweep that fails is reported and tried again at its next time. */
export const startRetention = (parts: RetentionParts, timers: Timers, report: (error: unknown) => void): (() => void) =>
  repeat(timers, sweepMs, () => sweepLog(parts), report);
