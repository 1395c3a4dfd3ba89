import type { Compat } from "../1-load/raw-manifest.ts";
import { BUILT_FOR } from "../5-write/banner.ts";
import { type CachedReport, readCache, writeCache } from "../5-write/cache.ts";
import { FILES_LIST } from "../5-write/paths.ts";
import type { Outcome, Written } from "../codegen.ts";
import type { ReportOptions } from "../diagnostics/report.ts";
import { toolchainHash } from "../toolchain.ts";
import type { AppPlace } from "./app-file.ts";
import type { Io } from "./io.ts";
import { count, type Printer } from "./print.ts";

export interface CodegenRequest {
  readonly app: AppPlace;
  readonly io: Io;
  readonly print: Printer;
  readonly compat: Compat | null;
  readonly strict: boolean;
  /** When the work began, by `elapsedMs`: 0 counts the start of the process too. */
  readonly since: number;
}

/** What the app declares, by name: for the messages of `codegen` and `dev`. */
export interface AppNames {
  readonly name: string;
  readonly version: string;
  readonly entities: readonly string[];
  readonly queries: readonly string[];
  readonly actions: readonly string[];
  readonly policies: readonly string[];
  readonly routes: readonly string[];
}

export interface Done {
  readonly names: AppNames;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Paths in `dist/`, relative to it. */
  readonly distChanged: readonly string[];
}

/**
 * Generates the app and prints its problems, or finds that nothing changed since the last time, which must not load the compiler: an
 * unchanged run has 50 ms beside the start of Node. Null: the app has errors, and nothing was written.
 */
export async function runCodegen(request: CodegenRequest): Promise<Done | null> {
  const { app, io, print } = request;
  const key = cacheKey(request);
  const cached = key === null ? null : readCache(app.dir, key, io.env);
  if (cached !== null) {
    print.reported(cached.report[print.report.color ? "color" : print.report.format]);
    return { names: cached.names as AppNames, changed: 0, removed: 0, unchanged: cached.generated, distChanged: [] };
  }
  const { codegenApp } = await import("../codegen.ts");
  const { problemLines } = await import("./report.ts");
  const { compat, strict } = request;
  const outcome = await codegenApp({ appFile: app.file, env: io.env, compat, strict });
  const problems = { appDir: app.dir, diagnostics: outcome.diagnostics, locate: outcome.locate };
  print.reported(problemLines(problems, print.report));
  const { written } = outcome;
  if (written === null) {
    const { summaryLine } = await import("../diagnostics/report.ts");
    const ms = io.elapsedMs() - request.since;
    print.note(summaryLine(problems.diagnostics, app.shown, "nothing written", ms, print.report.color));
    return null;
  }
  for (const path of written.edited)
    print.note(`${path} was edited by hand and is written again: put custom code in functions/`);
  const names = namesOf(outcome.model.ir?.manifest ?? {});
  if (key !== null)
    remember(key, app, outcome, written, names, (color, format) => problemLines(problems, { color, format }));
  return {
    names,
    changed: written.changed.length,
    removed: written.removed.length,
    unchanged: written.unchanged,
    distChanged: written.distChanged,
  };
}

/** `7 files changed, 1 removed, 31 unchanged`. */
export function countsOf({ changed, removed, unchanged }: Done): string {
  if (changed === 0 && removed === 0) return `nothing changed, ${count(unchanged, "file")}`;
  return [
    `${count(changed, "file")} changed`,
    ...(removed > 0 ? [`${removed} removed`] : []),
    `${unchanged} unchanged`,
  ].join(", ");
}

/** What decides the result beside file contents and the environment. Null: run from source, where nothing stands for the toolchain. */
function cacheKey({ app, compat, strict }: CodegenRequest): string | null {
  if (toolchainHash === null) return null;
  return [toolchainHash, BUILT_FOR, app.file, compat, strict].join(" ");
}

function remember(
  key: string,
  app: AppPlace,
  { model }: Outcome,
  written: Written,
  names: AppNames,
  lines: (color: boolean, format: ReportOptions["format"]) => readonly string[],
): void {
  const report: CachedReport = {
    text: lines(false, "text"),
    color: lines(true, "text"),
    github: lines(false, "github"),
    json: lines(false, "json"),
  };
  writeCache({
    appDir: app.dir,
    key,
    inputs: written.inputs,
    env: model.loaded.envRead,
    outputs: [...written.generated, FILES_LIST, ".pylon/tsconfig.json", ...written.dist.map((path) => `dist/${path}`)],
    run: { report, names, generated: written.generated.length, dist: written.dist },
  });
}

function namesOf(manifest: Readonly<Record<string, unknown>>): AppNames {
  const list = (key: string, field: string): string[] =>
    Array.isArray(manifest[key]) ? manifest[key].map((item: Record<string, unknown>) => String(item[field])) : [];
  return {
    name: String(manifest.name ?? ""),
    version: String(manifest.version ?? ""),
    entities: list("entities", "name"),
    queries: list("queries", "name"),
    actions: list("actions", "name"),
    policies: list("policies", "name"),
    routes: list("routes", "path"),
  };
}
