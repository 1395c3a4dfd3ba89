import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { systemClock, systemTimers, type Timers } from "../../../../runtime-core/kernel/clock.ts";
import { openSqlite } from "../../../../runtime-core/storage/sqlite/open.ts";
import { limitsWith, newFolder, openTemporary } from "./support.ts";

const pragma = async (db: Awaited<ReturnType<typeof openTemporary>>, name: string) =>
  db.write((unit) => unit.text(`PRAGMA ${name}`, []));

describe("opening", () => {
  test("gives WAL, FULL, no foreign keys and a WAL of at most 64 MB", async () => {
    const db = await openTemporary();
    expect(await pragma(db, "journal_mode")).toBe("wal");
    expect(await pragma(db, "synchronous")).toBe("2");
    expect(await pragma(db, "foreign_keys")).toBe("0");
    expect(await pragma(db, "journal_size_limit")).toBe(String(64 * 1024 * 1024));
    await db.close();
    const normal = await openTemporary({ durability: "normal" });
    expect(await pragma(normal, "synchronous")).toBe("1");
    await normal.close();
  });

  test("a second time is DATABASE_LOCKED, and works after the first was closed", async () => {
    const db = await openTemporary();
    const second = () => openSqlite({ path: db.path, clock: systemClock, limits: limitsWith() });
    await expect(second()).rejects.toMatchObject({
      code: "DATABASE_LOCKED",
      message: expect.stringContaining(db.path),
    });
    expect(existsSync(db.path)).toBe(true);
    const folder = newFolder();
    const path = join(folder, "again.db");
    const first = await openSqlite({ path, clock: systemClock, limits: limitsWith() });
    await first.close();
    await (await openSqlite({ path, clock: systemClock, limits: limitsWith() })).close();
    rmSync(folder, { recursive: true });
    await db.close();
  });

  test.each([
    ["a file where a folder should be", `${new URL(import.meta.url).pathname}/all.db`],
    ["a folder", "/"],
  ])("%s is STORAGE_FAILED", async (_what, path) => {
    await expect(openSqlite({ path, clock: systemClock, limits: limitsWith() })).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      status: 503,
    });
  });

  test("a file that is no database is STORAGE_FAILED, and is not kept locked", async () => {
    const path = new URL(import.meta.url).pathname;
    for (let again = 0; again < 2; again++)
      await expect(openSqlite({ path, clock: systemClock, limits: limitsWith() })).rejects.toMatchObject({
        code: "STORAGE_FAILED",
      });
    rmSync(`${path}.lock`, { force: true });
  });
});

describe("the connections", () => {
  test("a read outside of the unit sees only what is committed", async () => {
    const db = await openTemporary();
    await db.write((unit) => unit.run("CREATE TABLE t (id INTEGER PRIMARY KEY)", []));
    await db.write(async (unit) => {
      await unit.run("INSERT INTO t (id) VALUES (1)", []);
      expect(await db.read.text("SELECT count(*) FROM t", [])).toBe("0");
      expect(await db.scan.text("SELECT count(*) FROM t", [])).toBe("0");
    });
    expect(await db.read.text("SELECT count(*) FROM t", [])).toBe("1");
    await db.close();
  });

  test("a program outside that holds the write lock makes a 503, not a crash", async () => {
    const db = await openTemporary();
    const other = new SQLite(db.path);
    other.exec("BEGIN IMMEDIATE");
    await expect(db.write((unit) => unit.run("CREATE TABLE t (id INTEGER)", []))).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      status: 503,
    });
    other.exec("ROLLBACK");
    other.close();
    await db.write((unit) => unit.run("CREATE TABLE t (id INTEGER)", []));
    await db.close();
  });
});

test("the checkpoint of each minute empties the WAL", async () => {
  const due: (() => void)[] = [];
  const after: Timers["after"] = (_ms, act) => {
    due.push(act);
    return () => undefined;
  };
  const db = await openTemporary({ timers: { ...systemTimers, after } });
  await db.write((unit) => unit.run("CREATE TABLE t (bytes BLOB)", []));
  await db.write((unit) => unit.run("INSERT INTO t VALUES (zeroblob(200000))", []));
  expect(statSync(`${db.path}-wal`).size).toBeGreaterThan(200_000);
  due.shift()?.();
  expect(statSync(`${db.path}-wal`).size).toBe(0);
  expect(due).toHaveLength(1);
  await db.close();
});
