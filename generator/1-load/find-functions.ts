import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ORIGINAL_SCOPE } from "./app-bundle.ts";
import type { SourceFile } from "./result.ts";

const SOURCE = /^(?!.*\.(?:test|spec|d)\.[jt]s$)(?<name>.+)\.[jt]s$/;

/** The sources at the top level of a folder, one thing a file, sorted by code unit; none when the folder is not there. */
export const findSources = async (appDir: string, folder: "functions" | "shards"): Promise<readonly SourceFile[]> => {
  const files = await readdir(join(appDir, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  return files.sort().flatMap((file) => {
    const name = SOURCE.exec(file)?.groups?.name;
    return name === undefined ? [] : [{ name, file: `${folder}/${file}` }];
  });
};

const ORIGINAL_IMPORT = new RegExp(`\\b(?:from|import)\\s*\\(?\\s*["']${ORIGINAL_SCOPE}`);

/** Whether one of the files imports the original packages, types included. */
export const someImportsOriginal = async (appDir: string, files: readonly SourceFile[]): Promise<boolean> => {
  const texts = await Promise.all(files.map(({ file }) => readFile(join(appDir, file), "utf8")));
  return texts.some((text) => ORIGINAL_IMPORT.test(text));
};
