import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutFile } from "../ir/out-file.ts";
import { byCodeUnit } from "../text/order.ts";
import { FILES_LIST } from "./paths.ts";

/** What the last codegen wrote. It alone names the toolchain and hashes, so that two branches meet in one file and not in all. */
export interface FilesList {
  readonly toolchain: string;
  /** SHA-256 in hex by path, relative to the app. */
  readonly files: ReadonlyMap<string, string>;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export function listOf(files: readonly OutFile[], toolchain: string): FilesList {
  return { toolchain, files: new Map(files.map((f) => [f.path, sha256(f.text)])) };
}

/** One line for the toolchain, one a file, sorted: a merge conflict shows just the files that both sides changed. */
export function printList(list: FilesList): string {
  const lines = [...list.files]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([path, hash]) => `    ${JSON.stringify(path)}: "${hash}"`);
  const body = lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n  }`;
  return `{\n  "toolchain": ${JSON.stringify(list.toolchain)},\n  "files": ${body}\n}\n`;
}

/**
 * The list in the app's folder. Null when there is none or it cannot be read (a merge conflict inside it, for example): every file is
 * then written again and none is deleted.
 */
export function readList(appDir: string): FilesList | null {
  const path = join(appDir, FILES_LIST);
  return existsSync(path) ? parseList(readFileSync(path, "utf8")) : null;
}

export function parseList(text: string): FilesList | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { toolchain, files } = value as { toolchain?: unknown; files?: unknown };
  if (typeof toolchain !== "string" || typeof files !== "object" || files === null) return null;
  const entries = Object.entries(files);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) return null;
  return { toolchain, files: new Map(entries) };
}
