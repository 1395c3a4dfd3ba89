import { afterEach, expect, test } from "vitest";
import { systemTimers } from "../../../runtime-core/kernel/clock.ts";
import { FanOut } from "../../../runtime-core/live/fan-out.ts";
import type { Frame } from "../../../runtime-core/live/frame.ts";
import type { Sink } from "../../../runtime-core/live/groups.ts";
import { ana, bob, openWorld, visibility, type World } from "../log/world.ts";

let world: World;
afterEach(() => world.close());

class Recorder implements Sink {
  readonly acceptsAnonymous = true;
  readonly frames: Frame[] = [];
  send(frame: Frame): void {
    this.frames.push(frame);
  }
  queuedBytes = (): number => 0;
  drained = (): Promise<void> => Promise.resolve();
  close(): void {}
}

test("a row is judged and printed once a group, not once a subscriber, and not at all for nobody", async () => {
  world = await openWorld();
  const rules = visibility();
  let judged = 0;
  const counting = {
    ...rules,
    see: (...args: Parameters<typeof rules.see>) => {
      judged += 1;
      return rules.see(...args);
    },
  };
  const parts = { feed: world.feed, visibility: counting, limits: world.limits, timers: systemTimers };
  const fanOut = new FanOut({ ...parts, report: (error) => expect.fail(String(error)) });
  await world.insert("nobody listens");
  const sinks = Array.from({ length: 100 }, () => new Recorder());
  const subscribers = sinks.map((sink, n) => fanOut.join(sink, n < 60 ? ana : bob));
  await world.insert("hers");
  await expect.poll(() => sinks[59]?.frames.length).toBe(1);
  expect(judged).toBe(2);
  expect(new Set(sinks.slice(0, 60).map(({ frames }) => frames[0])).size).toBe(1);
  expect(sinks.slice(60).every(({ frames }) => frames.length === 0)).toBe(true);
  for (const subscriber of subscribers) fanOut.leave(subscriber);
  expect(fanOut.size).toBe(0);
  await world.insert("nobody again");
  expect(judged).toBe(2);
});

test("a rule that throws costs a resync, not the fan-out", async () => {
  world = await openWorld();
  const rules = visibility();
  const broken = {
    ...rules,
    see(entity: string, auth: typeof ana, row: string) {
      if (row.includes("boom")) throw new Error("bug in a rule");
      return rules.see(entity, auth, row);
    },
  };
  const reported: unknown[] = [];
  const parts = { feed: world.feed, visibility: broken, limits: world.limits, timers: systemTimers };
  const fanOut = new FanOut({ ...parts, report: (error) => void reported.push(error) });
  const sink = new Recorder();
  fanOut.join(sink, ana);
  await world.insert("boom");
  await world.insert("fine");
  await expect.poll(() => sink.frames.map(({ text, seq }) => seq ?? text)).toEqual(['{"type":"resync"}', 2]);
  expect(reported).toHaveLength(1);
});
