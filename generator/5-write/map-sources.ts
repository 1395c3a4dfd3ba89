import { relative, resolve, sep } from "node:path";
import { toolchainRoot } from "../toolchain.ts";

/**
 * The source map with names that are the same on each machine: the toolchain's files by their place in it, packages by theirs, generated
 * files where they lie in the app. `folder` is that of the map.
 */
export function withStableSources(map: Uint8Array, folder: string): Uint8Array {
  const value = JSON.parse(Buffer.from(map).toString("utf8")) as { readonly sources: readonly string[] };
  const sources = value.sources.map((source) => stableName(source, folder));
  return Buffer.from(JSON.stringify({ ...value, sources }));
}

function stableName(source: string, folder: string): string {
  if (source.startsWith("generated:")) return `../${source.slice("generated:".length)}`;
  if (/^[a-z0-9-]{2,}:/.test(source)) return source;
  const place = resolve(folder, source).split(sep).join("/");
  const packages = place.lastIndexOf("/node_modules/");
  if (packages !== -1) return place.slice(packages + 1);
  const inside = relative(toolchainRoot, place).split(sep).join("/");
  return inside.startsWith("..") || !/^(runtime-core|generator)\//.test(inside) ? source : `pylon/${inside}`;
}
