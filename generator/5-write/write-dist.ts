import { rmSync } from "node:fs";
import { join } from "node:path";
import type { DistFile } from "./bundled.ts";
import { placeInside } from "./paths.ts";
import { replaceFile } from "./replace-file.ts";

/** Writes `dist/`; gives the paths that changed. `old` names what an earlier codegen put there: hashed names go when unused. */
export function writeDist(appDir: string, files: readonly DistFile[], old: readonly string[]): readonly string[] {
  const dist = join(appDir, "dist");
  const current = new Set(files.map((file) => file.path));
  const changed = files.filter((file) => replaceFile(placeInside(dist, file.path), file.content));
  for (const path of old) if (!current.has(path)) rmSync(placeInside(dist, path), { force: true });
  return changed.map((file) => file.path);
}
