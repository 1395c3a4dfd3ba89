import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Origin, Span } from "../ir/origin.ts";
import type { Expr } from "../policy/expr.ts";
import type { Compat, RawManifest } from "./raw-manifest.ts";

export interface LoadInput {
  /** `app.ts`, absolute or relative to the working directory. */
  readonly appFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface LoadResult {
  /** Absolute. */
  readonly appDir: string;
  readonly appFile: string;
  /** Null when the app could not be run or what it gave has no usable shape; `diagnostics` then holds the reason. */
  readonly manifest: RawManifest | null;
  /** Some file that app.ts reaches, or a function, imports `@pylonsync/*`. */
  readonly usesOriginalPackages: boolean;
  /** What the app itself says; null when it says nothing. */
  readonly compat: Compat | null;
  /** Rules written as arrows, by the key of their origin; the rule's text in the manifest is "" for them. */
  readonly arrows: ReadonlyMap<string, ArrowRule>;
  /** One file a function, sorted by name. */
  readonly functions: readonly SourceFile[];
  readonly shards: readonly SourceFile[];
  /** `web/index.html` exists. */
  readonly hasPage: boolean;
  /** Absolute paths of every file read, sorted: with their contents and `envRead` the key of a cache. */
  readonly inputs: readonly string[];
  /** What app.ts read from its environment; undefined: it was not set. */
  readonly envRead: Readonly<Record<string, string | undefined>>;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
}

export interface SourceFile {
  /** `createTodo` of functions/createTodo.ts. */
  readonly name: string;
  /** Relative to the app folder, with `/`. */
  readonly file: string;
}

/**
 * A lowered arrow. Spans in `expr` count from the first character of the arrow in its file, as those of a string rule count from the
 * start of its value: `{ key, offset, length }` is the origin of a part in both. `expr` is null when `diagnostics` has errors for it.
 */
export interface ArrowRule {
  readonly expr: Expr | null;
  /** The arrow as written, for people. */
  readonly source: string;
}

export interface Located {
  readonly span: Span;
  /** Where a helper of the app made it, when that is not where the app used the helper. */
  readonly madeIn?: Span;
}

/** Null: nothing in the app's sources stands for this origin. Files in spans are relative to the app folder, with `/`. */
export type Locate = (origin: Origin) => Located | null;
