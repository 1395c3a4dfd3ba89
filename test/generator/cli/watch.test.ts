import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { watchApp } from "../../../generator/cli/watch.ts";

test("changes are gathered, acted on one after another, during the first act too; generated folders are not seen", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pylon-watch-"));
  mkdirSync(join(folder, "_generated"));
  const seen: string[][] = [];
  let atOnce = 0;
  const stop = new AbortController();
  const first = async (): Promise<void> => {
    expect(++atOnce).toBe(1);
    writeFileSync(join(folder, "app.ts"), "1");
    writeFileSync(join(folder, "lib.ts"), "1");
    writeFileSync(join(folder, "_generated/client.ts"), "1");
    await wait(60);
    atOnce--;
  };
  const done = watchApp(folder, stop.signal, first, async (paths) => {
    expect(++atOnce).toBe(1);
    seen.push(paths.map((path) => path.slice(folder.length + 1)));
    await wait(60);
    atOnce--;
  });
  const until = async (condition: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 100 && !condition(); tries++) await wait(20);
  };
  await until(() => seen.length > 0);
  writeFileSync(join(folder, "app.ts"), "2");
  await until(() => seen.length > 1);
  stop.abort();
  await done;
  expect(seen).toEqual([["app.ts", "lib.ts"], ["app.ts"]]);
  rmSync(folder, { recursive: true });
});

test("told to stop before it begins, it does nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pylon-watch-"));
  const unexpected = async (): Promise<void> => expect.unreachable();
  await watchApp(folder, AbortSignal.abort(), unexpected, unexpected);
  rmSync(folder, { recursive: true });
});
