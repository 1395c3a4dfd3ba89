import type { Auth } from "../kernel/auth.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";
import { type PushAnswer, type PushedChange, type PushResult, parsePush } from "../protocol/push.ts";
import type { Database, WriteUnit } from "../storage/ports.ts";
import type { Feed } from "./feed.ts";
import { type OperationIds, operationOf } from "./operation-ids.ts";
import type { PushChange, PushTarget } from "./ports.ts";

/** `_pending_…` names that a client gives to rows until it knows their ids (R-PUSH), and the ids they got within one push (B-TEMPID). */
export class TemporaryIds {
  readonly #real = new Map<string, string>();

  learn(name: string, id: string): void {
    if (name.startsWith("_pending_")) this.#real.set(name, id);
  }

  real(name: string): string {
    return this.#real.get(name) ?? name;
  }

  /** Members that hold such a name point at the row, as a child does that was made with its parent. */
  realIn(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    if (this.#real.size === 0) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, typeof value === "string" ? this.real(value) : value]),
    );
  }
}

export interface PushParts {
  readonly db: Database;
  readonly feed: Feed;
  readonly operationIds: OperationIds;
  readonly target: PushTarget;
  readonly limits: Pick<Limits, "jsonDepthMax" | "pushChangesMax" | "operationIdCharsMax" | "groupUnitsMax">;
  /** A throw of something that is no `PylonError`: a bug, for the log. */
  readonly report: (error: unknown) => void;
}

/**
 * R-PUSH: applies the changes in order, each in a transaction of its own under the caller's write rules, and says of each what became
 * of it. They are queued a group at a time, so that a group shares one commit. Throws 400 for a wrong shape; 503 when the server could
 * not take a change and every change has an operation id, so that all of it can be sent again.
 */
export async function push(parts: PushParts, auth: Auth, body: string): Promise<string> {
  const { clientId, changes } = parsePush(body, parts.limits);
  const temporary = new TemporaryIds();
  const isRepeatable = changes.every((change) => change.opId !== null);
  const results: PushResult[] = [];
  for (let at = 0; at < changes.length; at += parts.limits.groupUnitsMax) {
    const group = changes.slice(at, at + parts.limits.groupUnitsMax);
    results.push(
      ...(await Promise.all(group.map((change) => settle(parts, auth, clientId, change, temporary, isRepeatable)))),
    );
  }
  return JSON.stringify(answerOf(results, parts.feed.head()));
}

function answerOf(results: readonly PushResult[], head: number): PushAnswer {
  const count = (status: PushResult["status"]) => results.filter((result) => result.status === status).length;
  const errors = results.flatMap(({ kind, entity, row_id, error }) =>
    error === undefined ? [] : [`${kind} ${entity}/${row_id}: ${error.message}`],
  );
  return { applied: count("applied"), deduped: count("replayed"), errors, cursor: { last_seq: head }, results };
}

async function settle(
  parts: PushParts,
  auth: Auth,
  clientId: string | null,
  change: PushedChange,
  temporary: TemporaryIds,
  isRepeatable: boolean,
): Promise<PushResult> {
  const { entity, kind, rowId, opId } = change;
  try {
    const label = `push ${kind} ${entity}`;
    const done = await parts.db.write((unit) => apply(parts, unit, auth, clientId, change, temporary), { label });
    const status = done.replayed ? "replayed" : "applied";
    return { entity, kind, op_id: opId, row_id: done.rowId, seq: done.seq ?? parts.feed.head(), status };
  } catch (error) {
    const isKnown = error instanceof PylonError;
    if (isKnown && error.status === 503 && isRepeatable) throw error;
    if (!isKnown) parts.report(error);
    const { code, message } = isKnown ? error : { code: "INTERNAL", message: "Internal error" };
    return { entity, kind, op_id: opId, row_id: rowId, status: "error", error: { code, message } };
  }
}

interface Done {
  readonly rowId: string;
  readonly seq: number | null;
  readonly replayed: boolean;
}

async function apply(
  { target, operationIds, limits }: PushParts,
  unit: WriteUnit,
  auth: Auth,
  clientId: string | null,
  change: PushedChange,
  temporary: TemporaryIds,
): Promise<Done> {
  const done = change.opId === null ? await applyNow() : await applyOnce(change.opId);
  if (change.kind === "insert") temporary.learn(change.rowId, done.rowId);
  return done;

  async function applyNow(): Promise<Done> {
    const applied = await target.apply(unit, auth, resolved(change, temporary));
    return { ...applied, replayed: false };
  }

  async function applyOnce(opId: string): Promise<Done> {
    const { entity, rowId, kind, data } = change;
    const body = [entity, rowId, kind, JSON.stringify(data)];
    const operation = operationOf(auth, clientId, opId, body, limits.operationIdCharsMax);
    const stored = await operationIds.once(unit, operation, async () => {
      const applied = await applyNow();
      return { status: 200, body: applied.rowId, seq: applied.seq };
    });
    return { rowId: stored.body, seq: stored.seq, replayed: stored.replayed };
  }
}

const resolved = ({ entity, rowId, kind, data }: PushedChange, temporary: TemporaryIds): PushChange => ({
  entity,
  kind,
  rowId: kind === "insert" ? rowId : temporary.real(rowId),
  data: data === null ? null : temporary.realIn(data),
});
