import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { load } from "../../../generator/1-load/index.ts";
import type { LoadResult } from "../../../generator/1-load/result.ts";
import type { Origin } from "../../../generator/ir/origin.ts";

/** An app in a folder of its own, gone after the test. */
export const appFolder = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "pylon-app-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
};

export const loadFiles = (
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<LoadResult> => load({ appFile: join(appFolder(files), "app.ts"), env });

/** `app.ts:3:5 "title"`: where an origin points and what stands there. */
export const pointed = (
  { locate }: LoadResult,
  files: Readonly<Record<string, string>>,
  origin: string | Origin,
): string => {
  const found = locate(typeof origin === "string" ? { key: origin } : origin);
  if (found === null) return "nowhere";
  const made =
    found.madeIn === undefined ? "" : ` made in ${found.madeIn.file}:${found.madeIn.line}:${found.madeIn.column}`;
  const { file, line, column, endLine, endColumn } = found.span;
  const lines = (files[file] ?? "").split("\n").slice(line - 1, endLine);
  const text = lines
    .map((text, at) => text.slice(at === 0 ? column - 1 : 0, at === lines.length - 1 ? endColumn - 1 : undefined))
    .join("⏎");
  return `${file}:${line}:${column} ${text}${made}`;
};
