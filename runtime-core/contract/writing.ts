/** What every write of a generated handler has in common: its unit of work, its operation id, its event, its answer. */
import { crashPoint } from "../kernel/crash.ts";
import { PylonError } from "../kernel/errors.ts";
import { type OperationAnswer, operationOf } from "../log/operation-ids.ts";
import type { Change } from "../log/ports.ts";
import type { Call, Reply } from "../net/ports.ts";
import { parseJson } from "../protocol/json.ts";
import { type Args, UniqueViolation, type WriteUnit } from "../storage/ports.ts";
import type { App } from "./app.ts";
import type { JsonObject } from "./values.ts";

/** A row write: the row's id and the number of its event. */
export interface Written {
  readonly rowId: string;
  /** Null when the row was as wanted already, so that nothing was written. */
  readonly seq: number | null;
}

/**
 * Runs `work` as one unit of work and answers after its COMMIT. With an `Idempotency-Key` the answer is remembered in the same
 * transaction: the same key and request of the same caller get it again, another request under that key is 409 `OP_ID_REUSED`.
 */
export async function writeReply(
  app: App,
  call: Call,
  work: (unit: WriteUnit) => Promise<OperationAnswer>,
): Promise<Reply> {
  const id = call.header("idempotency-key");
  const answer = await app.db.write(id === undefined ? work : onlyOnce(app, call, id, work));
  crashPoint("before-answer");
  const { status, body, seq } = answer;
  return seq === null ? { status, body } : { status, body, headers: ["X-Pylon-Change-Seq", String(seq)] };
}

function onlyOnce(app: App, call: Call, id: string, work: (unit: WriteUnit) => Promise<OperationAnswer>) {
  const parts = [call.method, call.path, call.body];
  const operation = operationOf(call.auth, call.remote, id, parts, app.limits.operationIdCharsMax);
  return (unit: WriteUnit) => app.operationIds.once(unit, operation, () => work(unit));
}

/** The members of a body that must be a JSON object. */
export function bodyObject(app: App, call: Call): JsonObject {
  return asObject(parseJson(call.body, app.limits.jsonDepthMax));
}

export function asObject(value: unknown): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new PylonError("INVALID_DATA", "The body must be a JSON object", 400);
  return value as JsonObject;
}

export const insertedReply = ({ rowId, seq }: Written): OperationAnswer => ({
  status: 201,
  body: `{"id":"${rowId}"}`,
  seq,
});
export const updatedReply = ({ seq }: Written): OperationAnswer => ({ status: 200, body: '{"updated":true}', seq });
export const deletedReply = ({ seq }: Written): OperationAnswer => ({ status: 200, body: '{"deleted":true}', seq });

/** Runs an INSERT; a taken id is `OPTIMISTIC_ID_CONFLICT`, another broken UNIQUE 409 `INSERT_FAILED`. */
export async function insertRow(unit: WriteUnit, sql: string, args: Args, idColumn: string): Promise<void> {
  try {
    await unit.run(sql, args);
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    if (error.columns.length === 1 && error.columns[0] === idColumn)
      throw new PylonError("OPTIMISTIC_ID_CONFLICT", "A row with this id exists", 400);
    throw new PylonError("INSERT_FAILED", error.message, 409);
  }
  crashPoint("after-row");
}

/** Runs an UPDATE; a broken UNIQUE is 409 `UPDATE_FAILED`. */
export async function updateRow(unit: WriteUnit, sql: string, args: Args): Promise<void> {
  try {
    await unit.run(sql, args);
  } catch (error) {
    if (error instanceof UniqueViolation) throw new PylonError("UPDATE_FAILED", error.message, 409);
    throw error;
  }
  crashPoint("after-row");
}

/** Appends the write's event in its transaction. */
export async function record(app: App, unit: WriteUnit, change: Change): Promise<Written> {
  return { rowId: change.rowId, seq: await app.log.append(unit, change) };
}

/** A patch without a member other than `id` changes nothing: it is answered, and nothing is written (H-ENT-UPDATE). */
export function isEmpty(patch: JsonObject): boolean {
  for (const key in patch) if (key !== "id") return false;
  return true;
}
