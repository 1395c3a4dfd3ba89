import { load } from "./1-load/index.ts";
import type { Compat } from "./1-load/raw-manifest.ts";
import type { LoadResult } from "./1-load/result.ts";
import { resolve } from "./2-resolve/index.ts";
import { check } from "./3-check/index.ts";
import { emitAll } from "./4-emit/index.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { AppIr } from "./ir/app.ts";
import type { OutFile } from "./ir/out-file.ts";

export interface CompileInput {
  /** Absolute. */
  readonly appFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the command line; null: as the app says. */
  readonly compat: Compat | null;
  /** Warnings are errors. */
  readonly strict: boolean;
}

export interface Model {
  readonly loaded: LoadResult;
  /** Null when app.ts gave none. It is there even when `diagnostics` has errors, so only `ok` allows to go on. */
  readonly ir: AppIr | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly ok: boolean;
}

/** load → resolve → check: what the app means and what is wrong with it. Writes nothing. */
export async function understand(input: CompileInput): Promise<Model> {
  const loaded = await load({ appFile: input.appFile, env: input.env });
  if (loaded.manifest === null) return model(loaded, null, loaded.diagnostics, input.strict);
  const { ir, diagnostics } = resolve(loaded, input.compat === null ? {} : { compat: input.compat });
  return model(loaded, ir, [...loaded.diagnostics, ...diagnostics, ...check(ir, loaded)], input.strict);
}

/** The whole of `_generated/`, or none of it when there is an error. */
export function emit({ ir, ok }: Model): readonly OutFile[] | null {
  return ir !== null && ok ? emitAll(ir) : null;
}

function model(loaded: LoadResult, ir: AppIr | null, found: readonly Diagnostic[], strict: boolean): Model {
  const diagnostics = found.map((d) => (strict && d.severity === "warning" ? { ...d, severity: "error" as const } : d));
  return { loaded, ir, diagnostics, ok: diagnostics.every((d) => d.severity !== "error") };
}
