import type { Compat } from "../1-load/raw-manifest.ts";
import type { LoadResult } from "../1-load/result.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr } from "../ir/app.ts";
import { resolveAuth } from "./auth.ts";
import { resolveEntity } from "./entities.ts";
import { canonicalManifest } from "./manifest.ts";
import { notServedYet } from "./not-served-yet.ts";
import { WrittenRules } from "./written-rules.ts";

export interface ResolveOptions {
  /** From the command line: stronger than what the app says. */
  readonly compat?: Compat;
}

export interface Resolved {
  readonly ir: AppIr;
  /** Rules that cannot be read, and NOT_SERVED_YET. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What the app means: names linked, defaults filled, rules parsed. It answers for every manifest, also a wrong one, so that `check`
 * can report all mistakes at once. Throws when there is no manifest: the load diagnostics are the answer then.
 */
export function resolve(loaded: LoadResult, options: ResolveOptions = {}): Resolved {
  const { manifest } = loaded;
  if (manifest === null) throw new Error("resolve needs a manifest; report the diagnostics of load instead");
  const rules = new WrittenRules(loaded.arrows);
  const entities = manifest.entities.map((entity) => resolveEntity(entity, manifest, rules));
  const ir: AppIr = {
    name: manifest.name,
    version: manifest.version,
    compat: options.compat ?? loaded.compat ?? (loaded.usesOriginalPackages ? "0.11" : "off"),
    entities,
    auth: resolveAuth(manifest),
    manifest: canonicalManifest(manifest, rules),
    hasPage: loaded.hasPage,
  };
  return { ir, diagnostics: [...rules.diagnostics, ...notServedYet(loaded, manifest)] };
}
