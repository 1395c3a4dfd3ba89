import { afterEach, expect, test } from "vitest";
import { sweepLog } from "../../../runtime-core/log/retention.ts";
import { ana, openWorld, type World } from "./world.ts";

let world: World;
afterEach(() => world.close());

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("numbers are dense over concurrent writers and rollbacks, and listeners hear them in order", async () => {
  world = await openWorld();
  const heard = world.record();
  const results = await Promise.allSettled(range(1, 200).map((n) => world.insert(n % 5 === 0 ? "bug" : `t${n}`)));
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(40);
  expect(heard).toEqual(range(1, 160));
  expect((await world.feed.since(0, 1000)).map(({ seq }) => seq)).toEqual(range(1, 160));
  expect(world.feed.head()).toBe(160);
});

test("a listener hears nothing of a unit that failed after its append", async () => {
  world = await openWorld();
  const heard = world.record();
  const lost = world.db.write(async (unit) => {
    await world.target.apply(unit, ana, { entity: "Todo", rowId: "", kind: "insert", data: { title: "x" } });
    throw new Error("after the append");
  });
  await expect(lost).rejects.toThrow("after the append");
  expect(heard).toEqual([]);
  const { seq } = await world.insert("next");
  expect(seq).toBe(1);
});

test("retention keeps the newest events and numbering goes on, also after a restart", async () => {
  world = await openWorld({ feedEventsMax: 10 });
  for (const n of range(1, 35)) await world.insert(`t${n}`);
  const removed = await sweepLog(world);
  expect(removed).toBe(25);
  expect(await world.feed.oldest()).toBe(26);
  const { epoch } = world.feed;
  const { file } = world;
  await world.db.close();
  const again = await openWorld({ feedEventsMax: 1 }, file);
  expect(again.feed.epoch).toBe(epoch);
  expect(again.feed.head()).toBe(35);
  await sweepLog(again);
  expect(await again.feed.oldest()).toBe(35);
  expect((await again.insert("later")).seq).toBe(36);
  await again.db.close();
  world = await openWorld();
});
