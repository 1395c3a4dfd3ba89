import { hash } from "node:crypto";
import type { Auth } from "../kernel/auth.ts";
import type { Clock } from "../kernel/clock.ts";
import { crashPoint } from "../kernel/crash.ts";
import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";
import { isValidText } from "../kernel/text.ts";
import type { Database, WriteUnit } from "../storage/ports.ts";
import { numbered } from "./tables.ts";

/** A write that its sender may repeat. `caller` keeps the ids of different senders apart (B-OPSCOPE). */
export interface Operation {
  readonly caller: string;
  readonly id: string;
  readonly bodyHash: string;
}

/** What the caller was told. `seq`: number of the last change, for `X-Pylon-Change-Seq`; null when nothing was written. */
export interface OperationAnswer {
  readonly status: number;
  readonly body: string;
  readonly seq: number | null;
}

export interface OperationIds {
  /**
   * Runs `work` once per operation, in its transaction: the same id and body again gives the stored answer with `replayed: true`;
   * another body throws 409 `OP_ID_REUSED`. Only successes (status below 400) are remembered, so a failure may be tried again.
   */
  once(
    unit: WriteUnit,
    operation: Operation,
    work: () => Promise<OperationAnswer>,
  ): Promise<OperationAnswer & { readonly replayed: boolean }>;
  /** Forgets at most `rowsMax` operations that are too old; gives their number. */
  prune(rowsMax: number): Promise<number>;
}

/**
 * Names an operation. `clientId` stands in for callers without an identity; `body` is everything that must be equal for a repetition
 * to be one (method, path and body on REST). Throws 400 `INVALID_DATA` for an id that cannot be kept.
 */
export function operationOf(
  auth: Auth,
  clientId: string | null,
  id: string,
  body: readonly string[],
  charsMax: number,
): Operation {
  if (id.length === 0 || id.length > charsMax || !isValidText(id))
    throw new PylonError("INVALID_DATA", `An operation id has 1 to ${charsMax} characters.`, 400);
  const caller = auth.userId !== null ? `user:${auth.userId}` : `client:${clientId ?? ""}`;
  return { caller, id, bodyHash: hash("sha256", JSON.stringify(body), "hex") };
}

interface StoredRow extends OperationAnswer {
  readonly body_hash: string;
}

/** Answers stored in `_pylon_operation_ids`, each in the transaction of its own writes. */
export function openOperationIds(
  db: Database,
  { clock, limits }: { clock: Clock; limits: Pick<Limits, "operationIdHours"> },
): OperationIds {
  const select = numbered(
    db.dialect,
    "SELECT body_hash, status, body, seq FROM _pylon_operation_ids WHERE caller = ? AND id = ?",
  );
  const insert = numbered(
    db.dialect,
    "INSERT INTO _pylon_operation_ids (caller, id, body_hash, status, body, seq, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const remove = numbered(
    db.dialect,
    `DELETE FROM _pylon_operation_ids WHERE (caller, id) IN
  (SELECT caller, id FROM _pylon_operation_ids WHERE at < ? ORDER BY at LIMIT ?)`,
  );
  return {
    async once(unit, operation, work) {
      const { caller, id, bodyHash } = operation;
      const stored = await unit.get<StoredRow>(select, [caller, id]);
      if (stored !== undefined) {
        if (stored.body_hash !== bodyHash)
          throw new PylonError("OP_ID_REUSED", "This operation id was used for another change.", 409);
        return { status: stored.status, body: stored.body, seq: stored.seq, replayed: true };
      }
      const answer = await work();
      if (answer.status < 400) {
        await unit.run(insert, [caller, id, bodyHash, answer.status, answer.body, answer.seq, clock.now()]);
        crashPoint("after-operation-id");
      }
      return { ...answer, replayed: false };
    },
    prune(rowsMax) {
      const before = clock.now() - limits.operationIdHours * 3_600_000;
      const work = async (unit: WriteUnit) => (await unit.run(remove, [before, rowsMax])).changes;
      return db.write(work, { label: "forget old operation ids" });
    },
  };
}
