import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The toolchain's own folder, from a source file as well as from the bundle in `build/`: the app's imports resolve into it. */
export const packageRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "generator", "dsl", "index.ts"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`the toolchain's sources are not above ${fileURLToPath(import.meta.url)}`);
    folder = above;
  }
  return folder;
};
