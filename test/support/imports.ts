import { posix } from "node:path";
import type { TextFile } from "./files.ts";

export interface Import {
  /** The file that imports. */
  readonly from: string;
  /** The path of a file for a relative import, else the name as written. */
  readonly to: string;
  readonly isTypeOnly: boolean;
}

/**
 * `import … from`, `export … from`, `import "…"` and `import("…")`. The bundler's list leaves out what is imported for its type only,
 * and types couple layers as well, so the text is scanned.
 */
const STATEMENT =
  /^\s*(?:import|export)\s+(?<type>type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?["'](?<from>[^"'\n]+)["']|\bimport\(\s*["'](?<lazy>[^"'\n]+)["']\s*\)/gm;

export function importsOf({ path, text }: TextFile): Import[] {
  return [...text.matchAll(STATEMENT)].map(({ groups = {} }) => {
    const name = groups.from ?? groups.lazy ?? "";
    const to = name.startsWith(".") ? posix.join(posix.dirname(path), name) : name;
    return { from: path, to, isTypeOnly: groups.type !== undefined };
  });
}
