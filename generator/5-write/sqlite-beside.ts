import { existsSync, readFileSync } from "node:fs";
import type { Metafile, Plugin } from "esbuild";
import { sqliteDriver } from "../../scripts/sqlite-driver.js";
import { EnvironmentError } from "../environment-error.ts";
import { toolchainRoot } from "../toolchain.ts";
import type { DistFile } from "./bundled.ts";

/** The driver of the Node that bundles; the server runs where this one does. */
export const driver = sqliteDriver(toolchainRoot);

/** Whoever imports the driver gets the one whose addon lies beside the bundle. */
export const sqliteBeside: Plugin = {
  name: "sqlite-driver",
  setup(build) {
    build.onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: driver.entry }));
  },
};

/** Throws where the package was installed by a Node that takes the other driver. Asked before the bundler, which would blame the app. */
export function checkDriver(addon: string = driver.addon()): void {
  if (existsSync(addon)) return;
  const hint = `run npm install in ${toolchainRoot} with this Node`;
  throw new EnvironmentError(`the SQLite driver of Node ${process.versions.node} is not installed`, hint);
}

/** The addon under the name that the entry gives as `nativeBinding`, where the driver is in the bundle. */
export function sqliteAddon({ inputs }: Metafile): readonly DistFile[] {
  const isUsed = Object.keys(inputs).some((path) => path.includes("node_modules/better-sqlite3/"));
  return isUsed ? [{ path: "better_sqlite3.node", content: readFileSync(driver.addon()) }] : [];
}
