import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { replaceFile } from "./replace-file.ts";

/** Reports of the run that was cached, in each form that a command may want, so that warnings are said again. */
export interface CachedReport {
  readonly text: readonly string[];
  readonly color: readonly string[];
  readonly github: readonly string[];
  readonly json: readonly string[];
}

export interface CachedRun {
  readonly report: CachedReport;
  /** What the command said of the app; its own business. */
  readonly names: unknown;
  /** Files of `_generated/`. */
  readonly generated: number;
  /** Paths in `dist/`, relative to it. */
  readonly dist: readonly string[];
}

export interface CacheInput {
  readonly appDir: string;
  /** Stands for the toolchain and what the command line says. */
  readonly key: string;
  /** Absolute paths. */
  readonly inputs: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths below the app, with `/`. */
  readonly outputs: readonly string[];
  readonly run: CachedRun;
}

interface Entry {
  readonly key: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Names in the folders where a new file is a new input. */
  readonly folders: string;
  /** Hashes: a value may be a secret. */
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly run: CachedRun;
}

const placeOf = (appDir: string): string => join(appDir, ".pylon", "cache", "codegen.json");

/** The last run, if doing it again could change nothing; null otherwise. */
export function readCache(
  appDir: string,
  key: string,
  env: Readonly<Record<string, string | undefined>>,
): CachedRun | null {
  const entry = readEntry(appDir);
  if (entry === null || entry.key !== key || entry.folders !== folderNames(appDir)) return null;
  const isSame =
    Object.entries(entry.inputs).every(([path, stamp]) => contentStamp(resolve(appDir, path)) === stamp) &&
    Object.entries(entry.env).every(([name, stamp]) => valueStamp(env[name]) === stamp) &&
    Object.entries(entry.outputs).every(([path, stamp]) => outputStamp(appDir, path) === stamp);
  return isSame ? entry.run : null;
}

/** What the last codegen put into `dist/`, whether or not the rest still holds. */
export function lastDist(appDir: string): readonly string[] {
  return readEntry(appDir)?.run.dist ?? [];
}

export function writeCache({ appDir, key, inputs, env, outputs, run }: CacheInput): void {
  // Their appearance changes the result too.
  const wanted = [...inputs, join(appDir, "web", "index.html")];
  const entry: Entry = {
    key,
    inputs: stamps(wanted, (path) => [relative(appDir, path), contentStamp(path)]),
    folders: folderNames(appDir),
    env: stamps(Object.keys(env), (name) => [name, valueStamp(env[name])]),
    outputs: stamps(outputs, (path) => [path, outputStamp(appDir, path)]),
    run,
  };
  replaceFile(placeOf(appDir), JSON.stringify(entry));
}

function stamps(names: readonly string[], stamp: (name: string) => [string, string]): Record<string, string> {
  return Object.fromEntries(names.map(stamp));
}

/** Unreadable or of another form: as if there were none. */
function readEntry(appDir: string): Entry | null {
  try {
    const value: unknown = JSON.parse(readFileSync(placeOf(appDir), "utf8"));
    return typeof value === "object" && value !== null && "key" in value && "run" in value ? (value as Entry) : null;
  } catch {
    return null;
  }
}

const digest = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("base64");

function contentStamp(path: string): string {
  try {
    return digest(readFileSync(path));
  } catch {
    return "absent";
  }
}

function valueStamp(value: string | undefined): string {
  return value === undefined ? "unset" : digest(value);
}

/** Generated sources count by content. `dist/` holds megabytes that nobody edits: size and time of change are enough, and free. */
function outputStamp(appDir: string, path: string): string {
  const place = join(appDir, path);
  if (!path.startsWith("dist/")) return contentStamp(place);
  const stat = statSync(place, { throwIfNoEntry: false });
  return stat === undefined ? "absent" : `${stat.size}:${stat.mtimeMs}`;
}

function folderNames(appDir: string): string {
  return ["functions", "shards"].map((folder) => namesIn(join(appDir, folder)).sort().join("/")).join("|");
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}
