import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Plugin } from "esbuild";
import { EnvironmentError } from "../environment-error.ts";
import type { OutFile } from "../ir/out-file.ts";
import { toolchainRequire, toolchainRoot } from "../toolchain.ts";
import { BANNER } from "./banner.ts";
import { bundling } from "./bundle-error.ts";
import { appInputs, type Bundled, type DistFile } from "./bundled.ts";
import { withStableSources } from "./map-sources.ts";
import { SERVER_ENTRY } from "./paths.ts";
import { publicManifest } from "./public-manifest.ts";
import { generatedFiles, packageNames } from "./resolve-plugin.ts";
import { checkDriver, sqliteAddon, sqliteBeside } from "./sqlite-beside.ts";

/**
 * Bundles the generated server into files that run with plain `node server.js` in an empty folder, on this platform and each Node that
 * the SQLite driver of this one runs on: addons lie beside it under fixed names, since an addon cannot be bundled. Nothing is written.
 */
export async function bundleServer(appDir: string, files: readonly OutFile[]): Promise<Bundled> {
  checkDriver();
  const { build } = await import("esbuild");
  const result = await bundling(() =>
    build({
      absWorkingDir: appDir,
      entryPoints: { server: `./${SERVER_ENTRY}` },
      outdir: join(appDir, "dist"),
      write: false,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      minify: true,
      sourcemap: "linked",
      // Positions are enough for stack traces; the texts would triple the map.
      sourcesContent: false,
      legalComments: "none",
      metafile: true,
      external: ["pg-native"],
      // ws asks for optional addons unless told otherwise.
      define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
      banner: { js: BANNER },
      plugins: [generatedFiles(appDir, files), packageNames(appDir), sqliteBeside, argon2Beside],
      logLevel: "silent",
    }),
  );
  const dist = [
    ...result.outputFiles.map(({ path, contents }) => ({
      path: basename(path),
      content: path.endsWith(".map") ? withStableSources(contents, dirname(path)) : contents,
    })),
    // Says that server.js is ESM, also below a CommonJS package.json.
    { path: "package.json", content: Buffer.from('{ "type": "module" }\n') },
    ...served(files),
    ...sqliteAddon(result.metafile),
    ...(Object.keys(result.metafile.inputs).some((path) => path.startsWith("argon2-addon:")) ? [argon2Addon()] : []),
  ];
  return { files: dist, inputs: appInputs(result.metafile, appDir) };
}

/** Documents that `/api/manifest` and `/api/openapi.json` read from beside the server. */
const served = (files: readonly OutFile[]): readonly DistFile[] =>
  files.flatMap(({ path, text }) => {
    if (path === "_generated/openapi.json") return [document("openapi.json", JSON.parse(text))];
    if (path !== "_generated/manifest.json") return [];
    return [
      document("manifest.json", JSON.parse(text)),
      document("manifest.public.json", publicManifest(JSON.parse(text))),
    ];
  });

const document = (path: string, value: unknown): DistFile => ({ path, content: Buffer.from(JSON.stringify(value)) });

const argon2File = (): string => basename(argon2Place());

/** The package's own loader tries each platform in turn and reads its addon from node_modules; ours names the one beside the bundle. */
const argon2Beside: Plugin = {
  name: "argon2-addon",
  setup(build) {
    build.onResolve({ filter: /^@node-rs\/argon2$/ }, () => ({ path: "addon", namespace: "argon2-addon" }));
    build.onResolve({ filter: /.*/, namespace: "argon2-addon" }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: "argon2-addon" }, () => ({
      contents: `module.exports = require(${JSON.stringify(`./${argon2File()}`)});`,
    }));
  },
};

function argon2Addon(): DistFile {
  return { path: argon2File(), content: readFileSync(argon2Place()) };
}

/** The addon that npm installed for this platform, such as `@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node`. */
function argon2Place(): string {
  const names = ["", "-gnu", "-musl", "-msvc", "-gnueabihf"].map(
    (suffix) => `${process.platform}-${process.arch}${suffix}`,
  );
  for (const name of names) {
    try {
      return toolchainRequire.resolve(`@node-rs/argon2-${name}/argon2.${name}.node`);
    } catch {
      // Not the package of this platform; the next name may be.
    }
  }
  throw new EnvironmentError(
    `@node-rs/argon2 has no addon for ${process.platform} ${process.arch}`,
    `run npm install in ${toolchainRoot} again`,
  );
}
