import { dirname, extname, join, relative, sep } from "node:path";
import type { Loader, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import type { OutFile } from "../ir/out-file.ts";
import { toolchainRoot } from "../toolchain.ts";
import { linkedFile } from "./module-map.ts";
import { GENERATED } from "./paths.ts";

const NAMESPACE = "generated";
const LOADERS: Readonly<Record<string, Loader>> = { ".ts": "ts", ".tsx": "tsx", ".json": "json", ".sql": "text" };

/** Serves `_generated/` from memory: bundling comes before writing, so that an app that does not bundle leaves no half-new output. */
export function generatedFiles(appDir: string, files: readonly OutFile[]): Plugin {
  const texts = new Map(files.map((file) => [file.path, file.text]));
  return {
    name: "generated-files",
    setup(build) {
      build.onResolve({ filter: /(^|\/)_generated(\/|$)/ }, (args) => inMemory(join(args.resolveDir, args.path)));
      build.onResolve({ filter: /^\.\.?\//, namespace: NAMESPACE }, (args) =>
        inMemory(join(args.resolveDir, args.path)),
      );
      // The app's folder has no drivers; generated code means those that the toolchain was tested with.
      build.onResolve({ filter: /^(ws|pg)$/, namespace: NAMESPACE }, (args) =>
        build.resolve(args.path, { kind: args.kind, resolveDir: toolchainRoot }),
      );
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
        contents: texts.get(path) ?? "",
        loader: LOADERS[extname(path)] ?? "js",
        resolveDir: dirname(join(appDir, path)),
      }));
    },
  };

  function inMemory(place: string): OnResolveResult | undefined {
    const path = relative(appDir, place).replaceAll(sep, "/");
    if (!path.startsWith(`${GENERATED}/`)) return undefined;
    const found = [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((candidate) => texts.has(candidate));
    return found === undefined ? undefined : { path: found, namespace: NAMESPACE };
  }
}

/** Resolves `pylon/*` and the original's names to this package, and React to the app's own or, where it has none, to this package's. */
export function packageNames(appDir: string): Plugin {
  return {
    name: "package-names",
    setup(build) {
      build.onResolve({ filter: /^(pylon|@pylonsync\/[^/]+)(\/|$)/ }, (args) => {
        const path = linkedFile(args.path);
        return path === null ? undefined : { path };
      });
      // From the app first, whoever asks: two copies of React on one page break its hooks.
      build.onResolve({ filter: /^(react|react-dom|scheduler)(\/|$)/ }, (args) => resolveReact(build, args, appDir));
    },
  };
}

async function resolveReact(
  build: PluginBuild,
  args: { readonly path: string; readonly pluginData?: unknown },
  appDir: string,
): Promise<OnResolveResult | undefined> {
  if (args.pluginData === "asked") return undefined;
  const options = { kind: "import-statement", pluginData: "asked" } as const;
  const own = await build.resolve(args.path, { ...options, resolveDir: appDir });
  if (own.errors.length === 0) return { path: own.path, sideEffects: own.sideEffects };
  const ours = await build.resolve(args.path, { ...options, resolveDir: toolchainRoot });
  return { path: ours.path, errors: ours.errors, sideEffects: ours.sideEffects };
}
