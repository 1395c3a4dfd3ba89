/** The first pass: app.ts is run for its data and read for its positions (D1). User mistakes are diagnostics, never thrown. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { findSources, someImportsOriginal } from "./find-functions.ts";
import { createLocator, type LocateInput } from "./locate.ts";
import { readManifest } from "./manifest-shape.ts";
import type { RawManifest } from "./raw-manifest.ts";
import type { ArrowRule, LoadInput, LoadResult } from "./result.ts";
import { type RunOutcome, runApp } from "./run-app.ts";
import {
  missingProblem,
  nothingProblem,
  notJsonProblem,
  shapeProblems,
  syntaxProblems,
  thrownProblem,
  timeoutProblem,
} from "./run-problems.ts";
import { framesOf } from "./source-map.ts";
import { strayProblems, unknownKeyProblems } from "./stray-problems.ts";
import { textsOf } from "./texts.ts";

export { createLocator } from "./locate.ts";
export type { LoadInput, LoadResult } from "./result.ts";

export const load = async ({ appFile: given, env }: LoadInput): Promise<LoadResult> => {
  const appFile = resolve(given);
  const appDir = dirname(appFile);
  const [outcome, functions, shards] = await Promise.all([
    runApp(appFile, env),
    findSources(appDir, "functions"),
    findSources(appDir, "shards"),
  ]);
  const bundle = outcome.kind === "syntax" ? null : outcome.bundle;
  const report = outcome.kind === "ran" ? outcome.report : null;
  const sources: LocateInput = {
    appFile: basename(appFile),
    positions: report?.positions ?? new Map(),
    framesOf: bundle === null ? () => [] : framesOf(bundle.map, appDir),
    textOf: textsOf(appDir),
  };
  const { manifest, diagnostics } = read(outcome, appFile, sources);
  const arrows = await lowered(manifest === null ? new Set() : (report?.arrows ?? new Set()), sources);
  const files = [...functions, ...shards].map(({ file }) => join(appDir, file));
  return {
    appDir,
    appFile,
    manifest,
    usesOriginalPackages: bundle?.usesOriginalPackages === true || (await someImportsOriginal(appDir, functions)),
    compat: manifest?.compat ?? null,
    arrows: arrows.rules,
    functions,
    shards,
    hasPage: existsSync(join(appDir, "web", "index.html")),
    inputs: [...new Set([appFile, ...(bundle?.inputs ?? []), ...(report?.reads ?? []), ...files])].sort(),
    envRead: report?.envRead ?? {},
    diagnostics: [...diagnostics, ...arrows.diagnostics],
    locate: createLocator(sources),
  };
};

interface Read {
  readonly manifest: RawManifest | null;
  readonly diagnostics: readonly Diagnostic[];
}

const failed = (...diagnostics: readonly Diagnostic[]): Read => ({ manifest: null, diagnostics });

const read = (outcome: RunOutcome, appFile: string, sources: LocateInput): Read => {
  switch (outcome.kind) {
    case "syntax":
      return failed(...(existsSync(appFile) ? syntaxProblems(outcome.errors) : [missingProblem(appFile)]));
    case "threw":
      return failed(thrownProblem(outcome.message, sources.framesOf(outcome.stack)));
    case "timeout":
      return failed(timeoutProblem());
    case "ran": {
      const { exported, printed, arrows, strays } = outcome.report;
      const text = exported ?? printed;
      if (text.trim() === "") return failed(nothingProblem());
      const value = parsed(text);
      if (value === undefined) return failed(notJsonProblem(text));
      const shape = readManifest(value, arrows);
      const found = strayProblems(strays, sources);
      return shape.kind === "read"
        ? { manifest: shape.manifest, diagnostics: [...found, ...unknownKeyProblems(shape.unknown, sources)] }
        : failed(...found, ...shapeProblems(shape.problems));
    }
  }
};

/** Undefined: it is no JSON. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

interface Lowered {
  readonly rules: ReadonlyMap<string, ArrowRule>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The parser of TypeScript is loaded only for an app that has arrows: it costs 330 ms. */
const lowered = async (keys: ReadonlySet<string>, sources: LocateInput): Promise<Lowered> => {
  if (keys.size === 0) return { rules: new Map(), diagnostics: [] };
  const { lowerArrows } = await import("./source.ts");
  return lowerArrows([...keys], sources);
};
