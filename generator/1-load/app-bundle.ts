/** One esbuild run over app.ts: what the worker runs, its source map, and the list of what was read. */
import { dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Message, Plugin } from "esbuild";
import { packageRoot } from "./package-root.ts";

export interface AppBundle {
  readonly code: string;
  /** JSON; its sources are relative to the app folder. */
  readonly map: string;
  /** Absolute, without the toolchain's own. */
  readonly inputs: readonly string[];
  readonly usesOriginalPackages: boolean;
}

export type BundleOutcome =
  | { readonly kind: "built"; readonly bundle: AppBundle }
  | { readonly kind: "failed"; readonly errors: readonly Message[] };

export const ORIGINAL_SCOPE = "@pylonsync/";

export const bundleApp = async (appFile: string): Promise<BundleOutcome> => {
  // Not at the top: the worker thread starts while this module (30 ms) loads. `build`, not `buildSync`, which starts a second
  // process for each call: 15 ms against 60.
  const { build } = await import("esbuild");
  const appDir = dirname(appFile);
  const root = packageRoot();
  const url = pathToFileURL(appFile).href;
  const packages = toolchainPackages(root);
  try {
    const made = await build({
      stdin: { contents: entryText(root, appFile), resolveDir: appDir, sourcefile: "pylon-load.js", loader: "js" },
      absWorkingDir: appDir,
      outfile: join(appDir, "pylon-load.mjs"),
      write: false,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      charset: "utf8",
      sourcemap: "external",
      sourcesContent: false,
      metafile: true,
      logLevel: "silent",
      // The bundle runs from another folder: what a module asks of its own place is answered for app.ts.
      define: {
        "import.meta.url": JSON.stringify(url),
        "import.meta.dirname": JSON.stringify(appDir),
        "import.meta.dir": JSON.stringify(appDir),
        "import.meta.filename": JSON.stringify(appFile),
        "import.meta.main": "true",
      },
      // Bundled CommonJS packages ask for Node's modules by `require`.
      banner: {
        js: `import { createRequire as pylonRequire } from "node:module"; const require = pylonRequire(${JSON.stringify(url)});`,
      },
      plugins: [packages.plugin],
    });
    const text = (suffix: string): string => made.outputFiles.find((file) => file.path.endsWith(suffix))?.text ?? "";
    const own = join(root, "generator") + sep;
    return {
      kind: "built",
      bundle: {
        code: text(".mjs"),
        map: text(".mjs.map"),
        inputs: Object.keys(made.metafile.inputs)
          .map((input) => resolve(appDir, input))
          .filter((input) => !input.startsWith(own) && input !== join(appDir, "pylon-load.js")),
        usesOriginalPackages: packages.original(),
      },
    };
  } catch (error) {
    if (isBuildFailure(error)) return { kind: "failed", errors: error.errors };
    throw error;
  }
};

const isBuildFailure = (error: unknown): error is { readonly errors: readonly Message[] } =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors);

/** The harness comes first, so that the environment is watched and stdout held before the app's first line runs. */
const entryText = (root: string, appFile: string): string => `
import { finish } from ${JSON.stringify(join(root, "generator/1-load/inside-worker.ts"))};
import * as app from ${JSON.stringify(`./${relative(dirname(appFile), appFile)}`)};
finish(app);
`;

/** The app folder needs no node_modules: our names, and the original's, mean the toolchain that runs. */
const toolchainPackages = (root: string): { readonly plugin: Plugin; readonly original: () => boolean } => {
  let original = false;
  return {
    original: () => original,
    plugin: {
      name: "pylon",
      setup: ({ onResolve }) => {
        onResolve({ filter: /^(?:pylon|@pylonsync)(?:\/|$)/ }, ({ path }) => {
          original ||= path.startsWith(ORIGINAL_SCOPE);
          const schema = path === "pylon" || path === `${ORIGINAL_SCOPE}sdk`;
          return { path: join(root, "generator/dsl", schema ? "index.ts" : "outside.cjs"), sideEffects: false };
        });
      },
    },
  };
};
