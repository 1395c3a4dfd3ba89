import type { Clock } from "../kernel/clock.ts";
import { datetimeOf } from "../kernel/datetime.ts";
import type { Limits } from "../kernel/limits.ts";
import type { OperationIds } from "../log/operation-ids.ts";
import type { ChangeLog } from "../log/ports.ts";
import type { Database } from "../storage/ports.ts";

/** Keeps `.encrypted()` fields: AES-256-GCM under PYLON_SECRET. Text in, text out. */
export interface Cipher {
  seal(text: string): string;
  open(sealed: string): string;
}

/** What generated handlers stand on. Made once by the generated entry; knows no entity. */
export interface App {
  readonly db: Database;
  readonly log: ChangeLog;
  readonly operationIds: OperationIds;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Makes row ids. */
  readonly newId: () => string;
  /** A row that is there but may not be read is 403, not 404 (D7). */
  readonly compat: boolean;
  /** Null when the app has no encrypted field. */
  readonly cipher: Cipher | null;
}

/** The time as rules and datetime columns have it. */
export const nowOf = (app: App): string => datetimeOf(app.clock.now());
