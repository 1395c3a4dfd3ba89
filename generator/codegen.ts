import type { Locate } from "./1-load/result.ts";
import { bundleServer } from "./5-write/bundle.ts";
import { BundleError } from "./5-write/bundle-error.ts";
import { bundlePage } from "./5-write/bundle-page.ts";
import type { Bundled } from "./5-write/bundled.ts";
import { lastDist } from "./5-write/cache.ts";
import { writeTsconfig } from "./5-write/tsconfig.ts";
import { type WriteSummary, writeGenerated } from "./5-write/write.ts";
import { writeDist } from "./5-write/write-dist.ts";
import { bundleDiagnostics } from "./bundle-diagnostics.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { type CompileInput, emit, type Model, understand } from "./pipeline.ts";
import { toolchainVersion } from "./toolchain.ts";

export interface Outcome {
  readonly model: Model;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
  /** Null: there was an error, and nothing was written. */
  readonly written: Written | null;
}

export interface Written extends WriteSummary {
  /** Paths of `_generated/`, relative to the app. */
  readonly generated: readonly string[];
  /** Paths in `dist/`, relative to it, and those of them that changed. */
  readonly dist: readonly string[];
  readonly distChanged: readonly string[];
  /** Absolute paths of everything that was read and is not the toolchain's. */
  readonly inputs: readonly string[];
}

/** Writes `_generated/`, `dist/` and `.pylon/tsconfig.json`. Everything is made in memory first: an error leaves the folder as it was. */
export async function codegenApp(input: CompileInput): Promise<Outcome> {
  const model = await understand(input);
  const { loaded, diagnostics } = model;
  const files = emit(model);
  if (files === null) return { model, diagnostics, locate: loaded.locate, written: null };
  let bundles: readonly Bundled[];
  try {
    bundles = await Promise.all([
      bundleServer(loaded.appDir, files),
      ...(loaded.hasPage ? [bundlePage(loaded.appDir, files)] : []),
    ]);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const found = bundleDiagnostics(error, loaded.locate);
    return { model, diagnostics: [...diagnostics, ...found.diagnostics], locate: found.locate, written: null };
  }
  const dist = bundles.flatMap((bundle) => bundle.files);
  const summary = writeGenerated(loaded.appDir, files, toolchainVersion());
  const distChanged = writeDist(loaded.appDir, dist, lastDist(loaded.appDir));
  writeTsconfig(loaded.appDir);
  const written = {
    ...summary,
    generated: files.map((file) => file.path),
    dist: dist.map((file) => file.path),
    distChanged,
    inputs: [...new Set([...loaded.inputs, ...bundles.flatMap((bundle) => bundle.inputs)])],
  };
  return { model, diagnostics, locate: loaded.locate, written };
}
