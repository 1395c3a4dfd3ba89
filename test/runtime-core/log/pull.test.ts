import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { PylonError } from "../../../runtime-core/kernel/errors.ts";
import { pull, readPull } from "../../../runtime-core/log/pull.ts";
import { sweepLog } from "../../../runtime-core/log/retention.ts";
import type { PullAnswer } from "../../../runtime-core/protocol/wire.ts";
import { ana, bob, openWorld, visibility, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld({ pullRowsMax: 10, feedEventsMax: 30 });
});
afterEach(() => world.close());

async function ask(search: string, auth = ana): Promise<PullAnswer> {
  const parts = { ...world, visibility: visibility() };
  return JSON.parse(await pull(parts, auth, readPull(search, world.limits))) as PullAnswer;
}

async function refused(search: string) {
  const error: unknown = await ask(search).catch((thrown: unknown) => thrown);
  if (!(error instanceof PylonError)) throw new Error(`${search} was answered`);
  return { code: error.code, status: error.status, ...error.extra };
}

const insertMany = async (count: number, owner = "ana", entity = "Todo") => {
  for (let n = 0; n < count; n += 1) await world.insert(`t${n}`, owner, entity);
};

describe("snapshot", () => {
  test("a caller that does not page gets all of it at once", async () => {
    await insertMany(25);
    await insertMany(3, "bob");
    const answer = await ask("since=0");
    expect(answer.changes).toHaveLength(25);
    expect(answer).toMatchObject({ cursor: { last_seq: 28 }, has_more: false, snapshot_after: null });
    expect(answer.changes[0]).toMatchObject({ seq: 28, kind: "insert", timestamp: "", data: { ownerId: "ana" } });
  });

  test("pages end at the anchor, and a delta from there brings what was written meanwhile", async () => {
    await insertMany(15);
    await insertMany(10, "bob", "News");
    const first = await ask("since=0&snapshot=1");
    expect(first).toMatchObject({ has_more: true, cursor: { last_seq: 0 } });
    expect(first.changes).toHaveLength(10);
    const late = await world.insert("late");
    const second = await ask(`since=0&snapshot_after=${first.snapshot_after}`);
    const third = await ask(`since=0&snapshot_after=${second.snapshot_after}`);
    expect(third).toMatchObject({ has_more: false, snapshot_after: null, cursor: { last_seq: 25 } });
    const ids = [first, second, third].flatMap(({ changes }) => changes.map(({ row_id }) => row_id));
    expect(new Set(ids).size).toBe(ids.length);
    const delta = await ask("since=25");
    expect(delta.changes.map(({ row_id }) => row_id)).toEqual([late.rowId]);
  });

  test("exactly one page says that there is no more", async () => {
    await insertMany(10);
    expect(await ask("since=0&snapshot=1")).toMatchObject({ has_more: false, snapshot_after: null });
  });

  test("a token that is encoded twice, made up, or of another feed is refused", async () => {
    await insertMany(12);
    const { snapshot_after: token } = await ask("since=0&snapshot=1");
    const forged = encodeURIComponent(JSON.stringify({ a: "", e: "Todo", n: 0, s: 0, p: "other" }));
    for (const bad of [encodeURIComponent(String(token)), "x", "%7B%7D", "%5B%5D", forged])
      expect(await refused(`since=0&snapshot_after=${bad}`)).toMatchObject({
        code: "SNAPSHOT_CURSOR_INVALID",
        status: 400,
      });
  });
});

/** The same file, opened by a server with this schema. */
async function reopened(file: string, schemaId: string): Promise<void> {
  await world.db.close();
  world = await openWorld({}, file, schemaId);
}

test("events written under another schema are told to nobody: a cursor among them starts over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pylon-shape-"));
  const file = join(folder, "data.db");
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await world.close();
  world = await openWorld({}, file);
  for (const title of ["one", "two", "three"]) await world.insert(title);
  await reopened(file, "schema-1");
  expect((await ask("since=1")).changes).toHaveLength(2);

  await reopened(file, "schema-2");
  expect(await world.feed.oldest()).toBe(4);
  await expect(ask("since=1")).rejects.toMatchObject({ code: "RESYNC_REQUIRED", extra: { oldest_seq: 4 } });
  expect((await ask("since=3")).changes).toEqual([]);
  await world.insert("four");
  expect((await ask("since=3")).changes).toHaveLength(1);
  await expect(ask("since=2")).rejects.toMatchObject({ code: "RESYNC_REQUIRED" });

  // Another start keeps what came since; the way back does not make the old ones good again.
  await reopened(file, "schema-2");
  expect((await ask("since=3")).changes).toHaveLength(1);
  await reopened(file, "schema-1");
  await expect(ask("since=3")).rejects.toMatchObject({ code: "RESYNC_REQUIRED" });
});

describe("delta", () => {
  test("pages, honours limit, and its cursor passes hidden events", async () => {
    await insertMany(5);
    await insertMany(12, "bob");
    await insertMany(9);
    const first = await ask("since=1&limit=6");
    expect(first.changes.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 18, 19]);
    expect(first).toMatchObject({ cursor: { last_seq: 19 }, has_more: true });
    const rest = await ask("since=19");
    expect(rest).toMatchObject({ cursor: { last_seq: 26 }, has_more: false });
    expect(await ask("since=26")).toEqual({ changes: [], cursor: { last_seq: 26 }, has_more: false });
    const hidden = await ask("since=5&limit=1", bob);
    expect(hidden.changes[0]).toMatchObject({ seq: 6 });
  });

  test("rows that enter and leave the caller's sight, and deleted ones (R-POL)", async () => {
    const { rowId } = await world.insert("mine");
    await world.write("update", "Todo", rowId, { ownerId: "bob" });
    await world.write("update", "Todo", rowId, { title: "bob's secret" });
    await world.write("delete", "Todo", rowId);
    const forAna = await ask("since=1");
    expect(forAna.changes).toEqual([
      {
        seq: 2,
        entity: "Todo",
        row_id: rowId,
        kind: "delete",
        data: { id: rowId },
        timestamp: expect.stringMatching(/^\d+Z$/),
      },
    ]);
    const forBob = await ask("since=1", bob);
    expect(forBob.changes.map(({ kind, data }) => [kind, data?.title])).toEqual([
      ["update", "mine"],
      ["update", "bob's secret"],
      ["delete", undefined],
    ]);
    expect(forBob.changes[2]).not.toHaveProperty("data");
  });

  test("cursors at the edges of what is kept", async () => {
    await insertMany(100);
    await sweepLog(world);
    const gone = { code: "RESYNC_REQUIRED", status: 410, oldest_seq: 71 };
    for (const since of ["69", "101", "9007199254740992", "99999999999999999999"])
      expect([since, await refused(`since=${since}`)]).toEqual([since, gone]);
    for (const since of ["70", "71", "99", "100"])
      expect((await ask(`since=${since}`)).cursor.last_seq).toBeGreaterThan(79);
    for (const text of ["", "0", "-5", "abc", "1.5", "1e2", "%20"])
      expect([text, (await ask(`since=${text}`)).snapshot_after]).toEqual([text, null]);
  });

  test("a cursor of another feed is refused where it says so", async () => {
    await insertMany(3);
    const { cursor } = await ask("since=1&epoch=");
    expect(cursor.epoch).toBe(world.feed.epoch);
    expect((await ask(`since=2&epoch=${cursor.epoch}`)).changes).toHaveLength(1);
    expect(await refused("since=2&epoch=0000")).toMatchObject({ code: "RESYNC_REQUIRED" });
  });
});
