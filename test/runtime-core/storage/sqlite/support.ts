import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../runtime-core/kernel/clock.ts";
import { type Limits, readLimits } from "../../../../runtime-core/kernel/limits.ts";
import type { Database } from "../../../../runtime-core/storage/ports.ts";
import { openSqlite, type SqliteOptions } from "../../../../runtime-core/storage/sqlite/open.ts";

export const limitsWith = (over: Partial<Limits> = {}): Limits => ({ ...readLimits({}, true), ...over });

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "pylon-storage-"));

export interface TestOptions extends Partial<Omit<SqliteOptions, "limits">> {
  readonly limits?: Partial<Limits>;
}

/** A database in a folder of its own, which goes when the database is closed. */
export async function openTemporary({ limits, ...options }: TestOptions = {}): Promise<Database & { path: string }> {
  const folder = newFolder();
  const path = options.path ?? join(folder, "test.db");
  const db = await openSqlite({ clock: systemClock, ...options, path, limits: limitsWith(limits) });
  const close = async () => {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...db, path, close };
}
