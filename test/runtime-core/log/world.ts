import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ANONYMOUS, type Auth } from "../../../runtime-core/kernel/auth.ts";
import { systemClock } from "../../../runtime-core/kernel/clock.ts";
import { PylonError } from "../../../runtime-core/kernel/errors.ts";
import { isRowId, rowIds, systemRandom } from "../../../runtime-core/kernel/ids.ts";
import { type Limits, readLimits } from "../../../runtime-core/kernel/limits.ts";
import { openChangeLog } from "../../../runtime-core/log/feed.ts";
import { openOperationIds } from "../../../runtime-core/log/operation-ids.ts";
import type { PushTarget, SnapshotSource, Visibility } from "../../../runtime-core/log/ports.ts";
import { createLogTables } from "../../../runtime-core/log/tables.ts";
import { openSqlite } from "../../../runtime-core/storage/sqlite/open.ts";

export const user = (userId: string, more: Partial<Auth> = {}): Auth => ({ ...ANONYMOUS, userId, ...more });
export const ana = user("ana", { sessionId: "s-ana" });
export const bob = user("bob", { sessionId: "s-bob" });

export interface Todo {
  readonly id: string;
  readonly title: string;
  readonly ownerId: string;
}

const ROW = "json_object('id', id, 'title', title, 'ownerId', ownerId)";

/** `Todo` belongs to its owner, `News` to everyone; what a generated program hands in, written by hand. `slow` makes rules wait. */
export function visibility(settings: { slow?: boolean; affects?: readonly string[] } = {}): Visibility {
  const mayRead = (entity: string, auth: Auth, row: Todo) => entity === "News" || row.ownerId === auth.userId;
  return {
    see(entity, auth, row) {
      const seen = mayRead(entity, auth, JSON.parse(row) as Todo) ? row : null;
      return settings.slow === true ? new Promise((resolve) => setTimeout(() => resolve(seen), 1)) : seen;
    },
    groupOf: (entity, auth) => (entity === "News" ? "" : (auth.userId ?? "")),
    affectedBy: (entity) => (entity === "News" ? (settings.affects ?? []) : []),
  };
}

export async function openWorld(changed: Partial<Limits> = {}, path?: string, schemaId = "schema-1") {
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), "pylon-log-")) : null;
  const file = path ?? join(folder ?? "", "data.db");
  const limits: Limits = { ...readLimits({}, true), ...changed };
  const db = await openSqlite({ path: file, clock: systemClock, limits });
  await createLogTables(db);
  await db.write(async (unit) => {
    for (const entity of ["Todo", "News"])
      await unit.run(
        `CREATE TABLE IF NOT EXISTS ${entity} (id TEXT PRIMARY KEY, title TEXT NOT NULL, ownerId TEXT NOT NULL)`,
        [],
      );
  });
  const feed = await openChangeLog(db, { clock: systemClock, random: systemRandom, schemaId });
  const operationIds = openOperationIds(db, { clock: systemClock, limits });
  const newId = rowIds(systemClock, systemRandom);

  const target: PushTarget = {
    async apply(unit, auth, { entity, rowId, kind, data }) {
      if (entity !== "Todo" && entity !== "News") throw new PylonError("ENTITY_NOT_FOUND", "No such entity", 404);
      const id = kind === "insert" ? (isRowId(data?.id) ? data.id : newId()) : rowId;
      const prev = await unit.text(`SELECT ${ROW} FROM ${entity} WHERE id = ?`, [id]);
      if (kind !== "insert" && prev === null) throw new PylonError("NOT_FOUND", "Row not found", 404);
      if (data?.title === "bug") throw new Error("a bug of the app");
      if (kind === "insert")
        await unit.run(`INSERT INTO ${entity} VALUES (?, ?, ?)`, [
          id,
          String(data?.title),
          typeof data?.ownerId === "string" ? data.ownerId : (auth.userId ?? ""),
        ]);
      else if (kind === "update")
        await unit.run(`UPDATE ${entity} SET title = COALESCE(?, title), ownerId = COALESCE(?, ownerId) WHERE id = ?`, [
          typeof data?.title === "string" ? data.title : null,
          typeof data?.ownerId === "string" ? data.ownerId : null,
          id,
        ]);
      else await unit.run(`DELETE FROM ${entity} WHERE id = ?`, [id]);
      const after = await unit.text(`SELECT ${ROW} FROM ${entity} WHERE id = ?`, [id]);
      const seq = await feed.append(unit, { entity, rowId: id, kind, data: after, prev });
      return { rowId: id, seq };
    },
  };

  const snapshot: SnapshotSource = {
    entities: ["Todo", "News"],
    rows: (entity, auth, after, limit) =>
      db.read.all<{ id: string; data: string }>(
        `SELECT id, ${ROW} AS data FROM ${entity} WHERE id > ? AND (ownerId = ? OR 'News' = ?) ORDER BY id LIMIT ?`,
        [after, auth.userId ?? "", entity, limit],
      ),
  };

  const write = (
    kind: "insert" | "update" | "delete",
    entity: string,
    rowId: string,
    data: Record<string, unknown> | null = null,
    auth = ana,
  ) => db.write((unit) => target.apply(unit, auth, { entity, rowId, kind, data }));

  return {
    db,
    feed,
    file,
    limits,
    operationIds,
    target,
    snapshot,
    write,
    insert: (title: string, ownerId = "ana", entity = "Todo") => write("insert", entity, "", { title, ownerId }),
    /** Gives the events that were handed out since this call. */
    record() {
      const seqs: number[] = [];
      feed.onCommitted((event) => void seqs.push(event.seq));
      return seqs;
    },
    async close() {
      await db.close();
      if (folder !== null) rmSync(folder, { recursive: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
