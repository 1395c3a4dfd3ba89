import { join, resolve, sep } from "node:path";
import type { Metafile } from "esbuild";
import { toolchainRoot } from "../toolchain.ts";

export interface Bundled {
  readonly files: readonly DistFile[];
  /** Absolute paths of the files that are not the toolchain's: with their contents part of the cache key. */
  readonly inputs: readonly string[];
}

/** A file of `dist/`: `path` is relative to it, with `/`. */
export interface DistFile {
  readonly path: string;
  readonly content: Uint8Array;
}

const TOOLCHAIN_FOLDERS = ["runtime-core", "generator", "node_modules", "node20"].map(
  (name) => join(toolchainRoot, name) + sep,
);

/** Inputs in a namespace (`generated:…`) come from memory; the toolchain's own files count by its hash. */
export function appInputs(metafile: Metafile, appDir: string): string[] {
  return Object.keys(metafile.inputs)
    .filter((path) => !/^[a-z0-9-]{2,}:/.test(path))
    .map((path) => resolve(appDir, path))
    .filter((path) => !TOOLCHAIN_FOLDERS.some((folder) => path.startsWith(folder)));
}
