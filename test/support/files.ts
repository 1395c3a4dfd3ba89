import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

export interface TextFile {
  /** With `/`, relative to the folder that was read. */
  readonly path: string;
  readonly text: string;
}

/** Every file below a folder, sorted by code unit. */
export function readTree(folder: string): TextFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((place) => ({ path: place.slice(folder.length + 1), text: readFileSync(place, "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
