import type { TextFile } from "./files.ts";
import { importsOf } from "./imports.ts";

/** Cycles of imports that are more than types, one line each: `a.ts → b.ts → a.ts`. */
export function importCycles(files: readonly TextFile[]): readonly string[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter((imported) => !imported.isTypeOnly)
        .map((imported) => imported.to),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    const at = above.indexOf(path);
    if (at !== -1) cycles.push([...above.slice(at), path].join(" → "));
    if (at !== -1 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}
