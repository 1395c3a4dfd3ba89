import { rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { OutFile } from "../ir/out-file.ts";
import { listOf, printList, readList, sha256 } from "./files-list.ts";
import { FILES_LIST, GENERATED, placeInside } from "./paths.ts";
import { readOrNull, replaceFile } from "./replace-file.ts";

export interface WriteSummary {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Files among `changed` and `removed` whose text was not what the last codegen wrote. */
  readonly edited: readonly string[];
}

/**
 * Makes `_generated/` hold exactly `files` and their list. Only changed files are touched, so watchers stay quiet; only files that the
 * last list names are deleted. Throws before the first write when a path leaves `_generated/`.
 */
export function writeGenerated(appDir: string, files: readonly OutFile[], toolchain: string): WriteSummary {
  const before = readList(appDir);
  const list = listOf(files, toolchain);
  const leftOver = [...(before?.files.keys() ?? [])].filter((path) => !list.files.has(path));
  const place = placesOf(appDir, [...list.files.keys(), ...leftOver]);

  const edited = [...place]
    .filter(([path, at]) => {
      const known = before?.files.get(path);
      const onDisk = readOrNull(at);
      return known !== undefined && onDisk !== null && ![known, list.files.get(path)].includes(sha256(onDisk));
    })
    .map(([path]) => path);

  const changed = files.filter((file) => replaceFile(placeOf(place, file.path), file.text)).map((file) => file.path);
  const removed = leftOver.filter((path) => remove(placeOf(place, path), appDir));
  // Last, so that a run that is cut short is seen as stale.
  replaceFile(placeInside(appDir, FILES_LIST), printList(list));
  return { changed, removed, unchanged: files.length - changed.length, edited };
}

function placesOf(appDir: string, paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    paths.map((path) => {
      if (!path.startsWith(`${GENERATED}/`))
        throw new Error(`generated path ${JSON.stringify(path)} leaves ${GENERATED}`);
      return [path, placeInside(`${appDir}/${GENERATED}`, path.slice(GENERATED.length + 1))];
    }),
  );
}

function placeOf(places: ReadonlyMap<string, string>, path: string): string {
  const place = places.get(path);
  if (place === undefined) throw new Error(`no place for ${path}`);
  return place;
}

/** Deletes a file and the folders that this leaves empty. */
function remove(place: string, appDir: string): boolean {
  if (readOrNull(place) === null) return false;
  rmSync(place);
  for (let folder = dirname(place); folder !== appDir; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      break; // Not empty: somebody else's files live there.
    }
  }
  return true;
}
