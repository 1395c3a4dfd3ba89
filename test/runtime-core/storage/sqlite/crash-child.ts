import { systemClock } from "../../../../runtime-core/kernel/clock.ts";
import { type CrashPoint, setCrashHook } from "../../../../runtime-core/kernel/crash.ts";
import { readLimits } from "../../../../runtime-core/kernel/limits.ts";
import { openSqlite } from "../../../../runtime-core/storage/sqlite/open.ts";

/**
 * Writes rows of two tables that belong together, says on stdout which are acknowledged, and is killed: at the named point of
 * the n-th write, or from outside. Arguments: database, addon, crash point ("" for none), n.
 */
const [path = "", nativeBinding, point, nth] = process.argv.slice(2);
const db = await openSqlite({ path, nativeBinding, clock: systemClock, limits: readLimits({}, true) });
await db.write(async (unit) => {
  await unit.run("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY)", []);
  await unit.run("CREATE TABLE IF NOT EXISTS feed (seq INTEGER PRIMARY KEY, item INTEGER NOT NULL)", []);
});
const head = await db.read.get<{ n: number }>("SELECT count(*) AS n FROM feed", []);
let next = head?.n ?? 0;

let passed = 0;
if (point !== "")
  setCrashHook((at: CrashPoint) => {
    if (at === point && ++passed === Number(nth)) process.kill(process.pid, "SIGKILL");
  });

const writeOne = async (): Promise<void> => {
  const id = ++next;
  await db.write(async (unit) => {
    await unit.run("INSERT INTO item (id) VALUES (?)", [id]);
    await unit.run("INSERT INTO feed (seq, item) SELECT coalesce(max(seq), 0) + 1, ? FROM feed", [id]);
    unit.afterCommit(() => process.stdout.write(`sent ${id}\n`));
  });
  process.stdout.write(`answered ${id}\n`);
};

const worker = async (): Promise<never> => {
  for (;;) {
    await writeOne();
    await new Promise((resolve) => setImmediate(resolve));
  }
};
process.stdout.write("ready\n");
await Promise.all([worker(), worker(), worker()]);
