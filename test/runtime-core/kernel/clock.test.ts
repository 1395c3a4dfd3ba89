import { expect, test } from "vitest";
import { repeat, type Timers } from "../../../runtime-core/kernel/clock.ts";

/** Timers that fire by hand. */
function manual() {
  const due = new Set<() => void>();
  const timers: Timers = {
    after(_ms, act) {
      due.add(act);
      return () => void due.delete(act);
    },
    afterTurn: () => () => {},
  };
  async function fire(): Promise<void> {
    const acts = [...due];
    due.clear();
    for (const act of acts) act();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { timers, due, fire };
}

test("work that fails is reported and done again at its next time", async () => {
  const { timers, fire } = manual();
  const reported: unknown[] = [];
  let turns = 0;
  const work = async () => {
    turns += 1;
    if (turns === 1) throw new Error("once");
  };
  repeat(timers, 10, work, (error) => reported.push(error));
  await fire();
  await fire();
  expect([turns, reported]).toEqual([2, [new Error("once")]]);
});

test("a stop holds before the first time, and while work is under way", async () => {
  const before = manual();
  repeat(before.timers, 10, async () => {}, String)();
  expect(before.due.size).toBe(0);

  const during = manual();
  let stop = (): void => {};
  stop = repeat(during.timers, 10, async () => stop(), String);
  await during.fire();
  expect(during.due.size).toBe(0);
});
