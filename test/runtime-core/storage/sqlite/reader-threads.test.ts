import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Limits } from "../../../../runtime-core/kernel/limits.ts";
import type { Database } from "../../../../runtime-core/storage/ports.ts";
import { storageContract } from "../contract.ts";
import { bundleScript, nativeBinding } from "./bundle.ts";
import { newFolder, openTemporary } from "./support.ts";

const folder = newFolder();
let readerEntry: URL;
beforeAll(async () => {
  readerEntry = await bundleScript("reader-child.ts", folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (limits: Partial<Limits> = {}) => openTemporary({ readerEntry, nativeBinding, limits });

storageContract("SQLite file with reader threads", () => open());

/** Counts to n in small steps; some 100 ns each. */
const COUNT = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT count(*) AS n FROM c";

describe("scans", () => {
  let db: Database;
  afterEach(() => db.close());

  test("run off the event loop, which goes on answering", async () => {
    db = await open();
    let turns = 0;
    const ticker = setInterval(() => turns++, 5);
    const scan = db.scan.get(COUNT, [3_000_000]);
    expect(await scan).toEqual({ n: 3_000_000 });
    clearInterval(ticker);
    expect(turns).toBeGreaterThan(3);
  });

  test("over the deadline fail with 503 QUERY_TIMEOUT, and the next one is served by another thread", async () => {
    db = await open({ scanMs: 300, readerThreadsMax: 1 });
    await expect(db.scan.get(COUNT, [10_000_000])).rejects.toMatchObject({ code: "QUERY_TIMEOUT", status: 503 });
    expect(await db.scan.get(COUNT, [10])).toEqual({ n: 10 });
  });

  test("over the queue limit fail with 503 OVERLOADED", async () => {
    db = await open({ scanQueueMax: 1, readerThreadsMax: 1 });
    const accepted = [db.scan.get(COUNT, [10]), db.scan.get(COUNT, [11])];
    await expect(db.scan.get(COUNT, [12])).rejects.toMatchObject({ code: "OVERLOADED", status: 503 });
    expect(await Promise.all(accepted)).toEqual([{ n: 10 }, { n: 11 }]);
  });

  test("tell a broken statement by its code, and the thread goes on", async () => {
    db = await open();
    await expect(db.scan.get("SELECT nothing", [])).rejects.toMatchObject({ code: "SQLITE_ERROR" });
    expect(await db.scan.get(COUNT, [2])).toEqual({ n: 2 });
  });

  test("have the functions of the generated SQL", async () => {
    db = await open();
    expect(await db.scan.get("SELECT pylon_num(?) AS n", ["1.5"])).toEqual({ n: 1.5 });
    expect(await db.read.get("SELECT pylon_num(?) AS n", ["1.5"])).toEqual({ n: 1.5 });
  });

  test("that are still open when the database closes are told so", async () => {
    db = await open();
    const scan = db.scan.get(COUNT, [2_000_000]);
    const told = expect(scan).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
    await db.close();
    await told;
    db = await open();
  });
});
