import { readManifest } from "../1-load/manifest-shape.ts";
import type { LoadResult } from "../1-load/result.ts";
import { resolve } from "../2-resolve/index.ts";
import { readOrNull } from "../5-write/replace-file.ts";
import type { AppIr } from "../ir/app.ts";

/**
 * What the committed `_generated/manifest.json` means, by the same pass that reads app.ts. Null when there is none or it is none of
 * ours, as after a merge conflict: there is nothing to review against then.
 */
export function committedIr(appDir: string, loaded: LoadResult, compat: AppIr["compat"]): AppIr | null {
  const text = readOrNull(`${appDir}/_generated/manifest.json`);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text.toString("utf8"));
  } catch {
    return null;
  }
  const read = readManifest(value, new Set());
  // Rules written as arrows stand in the manifest as strings, so no arrow of today's app may answer for them.
  if (read.kind !== "read") return null;
  return resolve({ ...loaded, manifest: read.manifest, arrows: new Map() }, { compat }).ir;
}
