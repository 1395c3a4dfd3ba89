import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { sqliteDriver } from "../../../../scripts/sqlite-driver.js";
import { root } from "../../../support/files.ts";

const driver = sqliteDriver(root);

/** Bundles a script beside this file for a process or thread of its own; Node 20 runs no TypeScript. */
export async function bundleScript(name: string, folder: string): Promise<URL> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    // The folder is outside of the project, so the driver is named by its place.
    alias: { "better-sqlite3": driver.entry },
    banner: {
      js: 'import { createRequire } from "node:module"; import { fileURLToPath as __path } from "node:url"; const require = createRequire(import.meta.url); const __filename = __path(import.meta.url); const __dirname = __path(new URL(".", import.meta.url));',
    },
  });
  return pathToFileURL(outfile);
}

/** The driver's addon, which does not stand beside a bundle. */
export const nativeBinding = driver.addon();
