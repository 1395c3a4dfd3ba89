/** From a raw V8 stack of the bundle to places in the app's files. */
import { SourceMap, type SourceMapPayload } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Frame {
  /** Relative to the app folder, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Frames inside the app folder, innermost first. */
export type FramesOf = (stack: string) => readonly Frame[];

const CALL = /[/\\]pylon-load-[^/\\]+[/\\]app\.mjs:(\d+):(\d+)\)?$/;

export const framesOf = (map: string, appDir: string): FramesOf => {
  // Parsing it costs some ms: only when something is drawn.
  let parsed: SourceMap | undefined;
  return (stack) => {
    parsed ??= new SourceMap(JSON.parse(map) as SourceMapPayload);
    const frames: Frame[] = [];
    for (const text of stack.split("\n")) {
      const call = CALL.exec(text);
      if (call === null) continue;
      const entry = parsed.findEntry(Number(call[1]) - 1, Number(call[2]) - 1);
      if (!("originalSource" in entry)) continue;
      const file = relativeSource(entry.originalSource, appDir);
      if (file !== null) frames.push({ file, line: entry.originalLine + 1, column: entry.originalColumn + 1 });
    }
    return frames;
  };
};

/** Null for what is no source of the app: the toolchain, packages, files outside the folder. */
const relativeSource = (source: string, appDir: string): string | null => {
  const path = source.startsWith("file:") ? fileURLToPath(source) : join(appDir, source);
  if (!path.startsWith(join(appDir, "/")) || path.includes("node_modules")) return null;
  const file = path.slice(appDir.length + 1).replaceAll("\\", "/");
  return file === "pylon-load.js" ? null : file;
};
