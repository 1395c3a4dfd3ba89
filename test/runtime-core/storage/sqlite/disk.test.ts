import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newFolder, openTemporary } from "./support.ts";

const folder = newFolder();

/** A file system of 2 MB, where this user may mount one. */
function mountSmall(): string | null {
  const at = join(folder, "small");
  mkdirSync(at);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", at], { stdio: "ignore" });
    return at;
  } catch {
    return null;
  }
}

const small = mountSmall();

describe.skipIf(small === null)("a disk that is really full (needs the right to mount)", () => {
  test("fails writes with 503 STORAGE_FULL, goes on reading, and recovers without a restart", async () => {
    const at = small ?? "";
    const db = await openTemporary({ path: join(at, "test.db") });
    try {
      await db.write((unit) => unit.run("CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB)", []));
      await db.write((unit) => unit.run("INSERT INTO t (bytes) VALUES (zeroblob(1000))", []));
      writeFileSync(join(at, "ballast"), Buffer.alloc(1_600_000));
      const sent: string[] = [];
      const outcomes: PromiseSettledResult<unknown>[] = [];
      for (let n = 0; n < 20; n++) {
        const write = db.write(async (unit) => {
          unit.afterCommit(() => sent.push("sent"));
          await unit.run("INSERT INTO t (bytes) VALUES (zeroblob(100000))", []);
        });
        outcomes.push(...(await Promise.allSettled([write])));
      }
      const refused = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(refused.length).toBeGreaterThan(10);
      for (const outcome of refused) expect(outcome).toMatchObject({ reason: { status: 503, code: "STORAGE_FULL" } });
      const kept = 1 + outcomes.length - refused.length;
      expect(sent).toHaveLength(kept - 1);
      expect(await db.read.text("SELECT count(*) FROM t", [])).toBe(String(kept));

      rmSync(join(at, "ballast"));
      await db.write((unit) => unit.run("INSERT INTO t (bytes) VALUES (zeroblob(1000))", []));
      expect(await db.read.text("SELECT count(*) FROM t", [])).toBe(String(kept + 1));
      expect(await db.read.text("PRAGMA integrity_check", [])).toBe("ok");
    } finally {
      await db.close();
      execFileSync("umount", [at]);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
