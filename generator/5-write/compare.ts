import type { OutFile } from "../ir/out-file.ts";
import { byCodeUnit } from "../text/order.ts";
import { type FilesList, listOf, readList, sha256 } from "./files-list.ts";
import { GENERATED, placeInside } from "./paths.ts";
import { readOrNull } from "./replace-file.ts";

/**
 * Why a committed file is not what codegen would write: `stale`, the app changed since; `toolchain`, another version of pylon wrote it;
 * `edited`, a person did (its hash is not the listed one).
 */
export type Cause = "stale" | "toolchain" | "edited";

export interface Difference {
  readonly path: string;
  readonly cause: Cause;
  /** Null: the file is missing. */
  readonly before: string | null;
  /** Null: the file should not be there. */
  readonly after: string | null;
}

/** What `pylon codegen` would change in `_generated/`, sorted by path. Reads only. */
export function compareGenerated(appDir: string, files: readonly OutFile[], toolchain: string): readonly Difference[] {
  const before = readList(appDir);
  const wanted = new Map(files.map((file) => [file.path, file.text]));
  const paths = [...new Set([...wanted.keys(), ...(before?.files.keys() ?? [])])].sort(byCodeUnit);
  const behind = listCause(before, toolchain);
  return paths.flatMap((path) => {
    const after = wanted.get(path) ?? null;
    const onDisk = readOrNull(placeInside(`${appDir}/${GENERATED}`, path.slice(GENERATED.length + 1)));
    const text = onDisk?.toString("utf8") ?? null;
    if (text === after) return [];
    const known = before?.files.get(path);
    const isEdited = onDisk !== null && known !== undefined && known !== sha256(onDisk);
    return [{ path, cause: isEdited ? ("edited" as const) : behind, before: text, after }];
  });
}

/** Why the list itself is out of step although each file is right: a merge took one side's list, or the version changed. Null: it is not. */
export function compareList(appDir: string, files: readonly OutFile[], toolchain: string): Cause | null {
  const before = readList(appDir);
  const now = listOf(files, toolchain);
  const isSame =
    before !== null &&
    before.toolchain === now.toolchain &&
    before.files.size === now.files.size &&
    [...now.files].every(([path, hash]) => before.files.get(path) === hash);
  return isSame ? null : listCause(before, toolchain);
}

function listCause(before: FilesList | null, toolchain: string): Cause {
  return before !== null && before.toolchain !== toolchain ? "toolchain" : "stale";
}

/** A unified diff of all differences, as lines. */
export async function unifiedDiff(differences: readonly Difference[]): Promise<readonly string[]> {
  const { FILE_HEADERS_ONLY, createTwoFilesPatch } = await import("diff");
  return differences.flatMap(({ path, before, after }) => {
    const from = before === null ? "/dev/null" : path;
    const to = after === null ? "/dev/null" : "what app.ts says now";
    const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
    const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, options);
    return patch.trimEnd().split("\n");
  });
}
