import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { sqliteDriver } from "../scripts/sqlite-driver.js";
import { root } from "./support/files.ts";

const json = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;
const on = (node: string) => sqliteDriver(root, { node, modules: node.startsWith("20.") ? "115" : "127" });
const versionIn = (folder: string) => json<{ version: string }>(join(folder, "package.json")).version;

describe("the SQLite driver", () => {
  test.each(["20.19.0", "20.20.2"])("of Node %s is the one that was compiled for it", (node) => {
    expect(on(node)).toMatchObject({ home: join(root, "node20"), unfit: 'process.versions.modules!=="115"' });
  });

  test.each(["22.14.0", "24.21.0", "26.10.0"])("of Node %s is the one of Node-API, with its addon", (node) => {
    const { home, addon, entry } = on(node);
    expect(home).toBe(root);
    expect(addon()).toMatch(/\.node$/);
    expect(readFileSync(addon()).length).toBeGreaterThan(1_000_000);
    expect(versionIn(dirname(dirname(entry)))).toMatch(/^13\./);
  });

  test("of this Node loads, in the version that is wanted, and finds itself fit", async () => {
    const driver = sqliteDriver(root);
    const { dependencies } = json<{ dependencies: Record<string, string> }>(join(driver.home, "package.json"));
    expect(versionIn(dirname(dirname(driver.entry)))).toBe(dependencies["better-sqlite3"]);
    expect(new Function(`return ${driver.unfit}`)()).toBe(false);
    const { default: Database } = await import("better-sqlite3");
    expect(new Database(":memory:", { nativeBinding: driver.addon() }).prepare("SELECT 1 AS one").get()).toEqual({
      one: 1,
    });
  });
});

/** Packages of a lock file that npm runs an install script of. */
function scripted(lockFile: string): string[] {
  const { packages } = json<{ packages: Record<string, { hasInstallScript?: boolean }> }>(join(root, lockFile));
  return Object.keys(packages).filter((name) => packages[name]?.hasInstallScript === true);
}

test("an install compiles no driver, but for the one that only Node 20 installs", () => {
  expect(scripted("package-lock.json").filter((name) => name.includes("sqlite"))).toEqual([]);
  expect(scripted("node20/package-lock.json")).toEqual(["node_modules/better-sqlite3"]);
});
