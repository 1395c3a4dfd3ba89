import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import SQLite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleScript, nativeBinding } from "./bundle.ts";
import { newFolder } from "./support.ts";

const folder = newFolder();
let script: string;
beforeAll(async () => {
  script = fileURLToPath(await bundleScript("crash-child.ts", folder));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly answered: readonly number[];
  readonly sent: readonly number[];
}

/** Runs the child until it is killed, by itself at a crash point or by us after `killMs`. */
function run(path: string, point: string, nth: number, killMs: number | null): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, path, nativeBinding, point, String(nth)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (out === "" && killMs !== null) setTimeout(() => child.kill("SIGKILL"), killMs);
      out += text;
    });
    child.on("error", reject);
    child.on("close", (_code, signal) => {
      if (signal !== "SIGKILL") return reject(new Error(`ended by ${signal}: ${out.slice(-500)}`));
      const numbers = (word: string) =>
        [...out.matchAll(new RegExp(`^${word} (\\d+)\\n`, "gm"))].map((m) => Number(m[1]));
      resolve({ answered: numbers("answered"), sent: numbers("sent") });
    });
  });
}

/** Nothing acknowledged is lost, nothing was sent that is not there, no half unit, no hole in the feed, the file is sound. */
function check(path: string, { answered, sent }: Outcome): void {
  const db = new SQLite(path);
  const items = db.prepare("SELECT id FROM item ORDER BY id").pluck().all();
  const feed = db.prepare("SELECT seq FROM feed ORDER BY seq").pluck().all();
  const torn = db
    .prepare("SELECT count(*) FROM item LEFT JOIN feed ON feed.item = item.id WHERE feed.seq IS NULL")
    .pluck();
  const kept = new Set(items);
  expect(answered.filter((id) => !kept.has(id))).toEqual([]);
  expect(sent.filter((id) => !kept.has(id))).toEqual([]);
  expect(torn.get()).toBe(0);
  expect(feed).toEqual(items.map((_, at) => at + 1));
  expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
  db.close();
}

describe("kill -9", () => {
  test.each(["after-begin", "before-commit", "after-commit"])(
    "at %s loses nothing that was answered",
    async (point) => {
      const path = join(folder, `${point}.db`);
      for (const nth of [1, 2, 7, 50]) check(path, await run(path, point, nth, null));
    },
  );

  test("at random moments under load loses nothing that was answered", async () => {
    const path = join(folder, "random.db");
    for (let round = 0; round < 12; round++) {
      const outcome = await run(path, "", 0, Math.random() * 60);
      check(path, outcome);
    }
  });

  test("negative control: a row that is missing is found out", async () => {
    const path = join(folder, "control.db");
    const outcome = await run(path, "before-commit", 20, null);
    expect(outcome.answered.length).toBeGreaterThan(0);
    const db = new SQLite(path);
    db.prepare("DELETE FROM item WHERE id = ?").run(outcome.answered[0]);
    db.close();
    expect(() => check(path, outcome)).toThrow();
  });
});
