import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

export const GENERATED = "_generated";
export const FILES_LIST = `${GENERATED}/files.json`;
export const SERVER_ENTRY = `${GENERATED}/server/app.ts`;

/**
 * The absolute place of a generated file. Throws when `path` is not below `folder`, by its text or through a symbolic link: a list of
 * files that somebody edited must not make codegen write or delete elsewhere.
 */
export function placeInside(folder: string, path: string): string {
  const place = resolve(folder, path);
  if (isAbsolute(path) || path.includes("\\") || !isBelow(resolve(folder), place)) throw leaves(folder, path);
  if (!isBelow(realPath(folder), realPath(dirname(place)), true)) throw leaves(folder, path);
  return place;
}

function isBelow(folder: string, place: string, orEqual = false): boolean {
  const way = relative(folder, place);
  if (way === "") return orEqual;
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The real path of `place`, where its last folders may not exist yet. */
function realPath(place: string): string {
  if (existsSync(place)) return realpathSync(place);
  return join(realPath(dirname(place)), relative(dirname(place), place));
}

function leaves(folder: string, path: string): Error {
  return new Error(`generated path ${JSON.stringify(path)} leaves ${folder}`);
}
