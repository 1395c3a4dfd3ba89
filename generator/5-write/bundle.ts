import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Plugin } from "esbuild";
import type { OutFile } from "../ir/out-file.ts";
import { toolchainRequire } from "../toolchain.ts";
import { bundling } from "./bundle-error.ts";
import { appInputs, type Bundled, type DistFile } from "./bundled.ts";
import { withStableSources } from "./map-sources.ts";
import { SERVER_ENTRY } from "./paths.ts";
import { publicManifest } from "./public-manifest.ts";
import { generatedFiles, packageNames } from "./resolve-plugin.ts";

/**
 * Bundles the generated server into files that run with plain `node server.js` in an empty folder, on this platform and Node major:
 * addons lie beside it under fixed names, since an addon cannot be bundled. Nothing is written.
 */
export async function bundleServer(appDir: string, files: readonly OutFile[]): Promise<Bundled> {
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
      plugins: [generatedFiles(appDir, files), packageNames(appDir), argon2Beside],
      logLevel: "silent",
    }),
  );
  const inputs = Object.keys(result.metafile.inputs);
  const dist = [
    ...result.outputFiles.map(({ path, contents }) => ({
      path: basename(path),
      content: path.endsWith(".map") ? withStableSources(contents, dirname(path)) : contents,
    })),
    // Says that server.js is ESM, also below a CommonJS package.json.
    { path: "package.json", content: Buffer.from('{ "type": "module" }\n') },
    ...served(files),
    ...(inputs.some((path) => path.includes("node_modules/better-sqlite3/")) ? [sqliteAddon()] : []),
    ...(inputs.some((path) => path.startsWith("argon2-addon:")) ? [argon2Addon()] : []),
  ];
  return { files: dist, inputs: appInputs(result.metafile, appDir) };
}

/**
 * Bundled CommonJS packages expect `require`, `__filename` and `__dirname`; an addon of another Node or platform would fail with a
 * loader's message, so the program says it itself. The names are long since the minifier does not know them.
 */
const BANNER = [
  'import{createRequire as pylonCreateRequire}from"node:module";',
  'import{fileURLToPath as pylonFileURLToPath}from"node:url";',
  'import{dirname as pylonDirname}from"node:path";',
  "const require=pylonCreateRequire(import.meta.url),__filename=pylonFileURLToPath(import.meta.url),",
  "__dirname=pylonDirname(__filename);",
  `if(process.versions.modules!==${JSON.stringify(process.versions.modules)}||process.platform!==${JSON.stringify(process.platform)}`,
  `||process.arch!==${JSON.stringify(process.arch)}){`,
  `console.error("This server was built for Node ${process.versions.node.split(".")[0]} on ${process.platform} ${process.arch}, `,
  'and this is Node "+process.versions.node+" on "+process.platform+" "+process.arch+". Run `pylon codegen` with this Node and start it again.");',
  "process.exit(3)}",
].join("");

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

function sqliteAddon(): DistFile {
  const folder = dirname(toolchainRequire.resolve("better-sqlite3/package.json"));
  return { path: "better_sqlite3.node", content: readFileSync(join(folder, "build/Release/better_sqlite3.node")) };
}

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
  throw new Error(`@node-rs/argon2 has no addon for ${process.platform} ${process.arch}; run npm install again`);
}
