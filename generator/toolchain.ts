import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

declare const PYLON_BUILD_HASH: string | undefined;

/** Folder of the package: the sources of runtime-core and the dependencies are found from here, from `generator/` and from `build/`. */
export const toolchainRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A hash of the sources and dependencies that the built command line was made from; null when it runs from source. */
export const toolchainHash: string | null = typeof PYLON_BUILD_HASH === "string" ? PYLON_BUILD_HASH : null;

/** Resolves the toolchain's own dependencies, wherever the app is. */
export const toolchainRequire = createRequire(join(toolchainRoot, "package.json"));

export function toolchainVersion(): string {
  const packageJson = JSON.parse(readFileSync(join(toolchainRoot, "package.json"), "utf8")) as { version: string };
  return packageJson.version;
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "runtime-core"))) return folder;
    if (dirname(folder) === folder) throw new Error(`no pylon package above ${from}`);
  }
}
