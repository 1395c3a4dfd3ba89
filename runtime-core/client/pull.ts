import type { PullAnswer } from "../protocol/wire.ts";
import { PylonClientError } from "./errors.ts";
import type { Http } from "./http.ts";
import type { Replica, Snapshot } from "./replica.ts";

/** Brings the replica to the end of the feed. A cursor that the server no longer knows (410) starts again from a snapshot. */
export async function pull(http: Http, replica: Replica, signal: AbortSignal): Promise<void> {
  if (replica.cursor.seq > 0 && (await pullDelta(http, replica, signal))) return;
  await pullSnapshot(http, replica, signal);
}

async function pullDelta(http: Http, replica: Replica, signal: AbortSignal): Promise<boolean> {
  try {
    for (;;) {
      const { seq, epoch } = replica.cursor;
      const path = `/api/sync/pull?since=${seq}&epoch=${epoch}`;
      const page = await http.request<PullAnswer>("GET", path, undefined, signal);
      if (signal.aborted) return true;
      replica.apply(page.changes);
      replica.pulled(page.cursor.last_seq);
      if (!page.has_more) return true;
    }
  } catch (error) {
    if (error instanceof PylonClientError && error.status === 410) return false;
    throw error;
  }
}

/** `snapshot=1` tells the server that this client can page (H-SYNC-PULL), the empty epoch that it wants to learn it. The old rows stay in sight until the last page is here. */
async function pullSnapshot(http: Http, replica: Replica, signal: AbortSignal): Promise<void> {
  const snapshot: Snapshot = new Map();
  let after = "";
  for (;;) {
    const path = `/api/sync/pull?since=0&snapshot=1&epoch=${after}`;
    const page = await http.request<PullAnswer>("GET", path, undefined, signal);
    if (signal.aborted) return;
    for (const { entity, row_id: id, data } of page.changes) {
      const rows = snapshot.get(entity) ?? [];
      snapshot.set(entity, rows);
      rows.push({ ...data, id });
    }
    if (!page.has_more) {
      replica.replace(snapshot, page.cursor.last_seq);
      replica.cursor.epoch = page.cursor.epoch ?? "";
      return;
    }
    if (typeof page.snapshot_after !== "string")
      throw new PylonClientError("BAD_ANSWER", "A snapshot page does not say how to go on.");
    // The value is URL-encoded already and goes back as it came (R-PULL).
    after = `&snapshot_after=${page.snapshot_after}`;
  }
}
