import type { Auth } from "../kernel/auth.ts";
import type { ChangeKind } from "../protocol/wire.ts";
import type { FeedEvent, Visibility } from "./ports.ts";

/** What one caller is told of an event: `data` is JSON text. `isGone`: the row was deleted, and is not only out of sight. */
export interface VisibleChange {
  readonly kind: ChangeKind;
  readonly data: string;
  readonly isGone: boolean;
}

/**
 * R-POL: the event as this caller may know it, or null. A row that enters the caller's sight is an update with the whole row, one
 * that leaves it is a delete with nothing but the id. A promise only where a rule asks for other rows.
 */
export function visibleChange(
  event: FeedEvent,
  auth: Auth,
  visibility: Visibility,
): VisibleChange | null | Promise<VisibleChange | null> {
  const before = event.prev === null ? null : visibility.see(event.entity, auth, event.prev);
  const after = event.data === null ? null : visibility.see(event.entity, auth, event.data);
  if (before instanceof Promise || after instanceof Promise)
    return Promise.all([before, after]).then(([was, is]) => told(event, was, is));
  return told(event, before, after);
}

function told(event: FeedEvent, before: string | null, after: string | null): VisibleChange | null {
  if (after !== null) return { kind: event.kind, data: after, isGone: false };
  if (before === null) return null;
  if (event.kind === "delete") return { kind: "delete", data: before, isGone: true };
  return { kind: "delete", data: JSON.stringify({ id: event.rowId }), isGone: false };
}
