/**
 * Bundles the command line into build/, with the templates precompiled. Run by npm `prepare`, and by bin/pylon.js when a source is
 * newer. Packages that only some commands need stay outside or in chunks of their own: an unchanged codegen loads none of them.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import Handlebars from "handlebars";
import { hashSources } from "./sources.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, "build");
/** Names of `pylon/…` in `generator/5-write/module-map.ts` that a server imports, with their sources. */
const RUNTIME = {
  contract: "runtime-core/contract/index.ts",
  server: "runtime-core/net/index.ts",
  sqlite: "runtime-core/storage/sqlite/index.ts",
  auth: "runtime-core/features/auth/index.ts",
  compat: "runtime-core/features/compat/index.ts",
  encryption: "runtime-core/features/encryption/index.ts",
  meta: "runtime-core/features/meta/index.ts",
};
const HOUR_MS = 3_600_000;

export async function build() {
  const started = new Date();
  const runtime = await buildRuntime();
  const { outputFiles: program } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { main: "generator/cli/main.ts" },
    outdir,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    chunkNames: "[name]-[hash]",
    define: { PYLON_BUILD_HASH: JSON.stringify(hashSources(root)) },
    // Bundled CommonJS packages ask for Node's own modules by `require`.
    banner: { js: 'import{createRequire as $cr}from"node:module";const require=$cr(import.meta.url);' },
    plugins: [byRequire(["esbuild", "ts-morph", "typescript"]), precompiledTemplates(await compileOptions())],
    logLevel: "warning",
  });
  const outputFiles = [...runtime, ...program];
  mkdirSync(join(outdir, "runtime"), { recursive: true });
  // The entry last, each file by a rename: a command that starts meanwhile sees the old program or the new one.
  const isEntry = (file) => basename(file.path) === "main.js";
  for (const file of outputFiles.sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)))) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    writeFileSync(temporary, file.contents);
    // Stamped with the start of the build, so that a source saved while it ran is newer.
    utimesSync(temporary, started, started);
    renameSync(temporary, file.path);
  }
  removeOldChunks(new Set([...outputFiles.map((file) => basename(file.path)), "runtime"]));
  await esbuild.stop();
}

/**
 * What generated servers import, bundled once: an app is then linked from a handful of files instead of a hundred, which is most of the
 * time of a cold `codegen`. Drivers and addons stay outside, since the app's bundle places them.
 */
async function buildRuntime() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: RUNTIME,
    outdir: join(outdir, "runtime"),
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    legalComments: "none",
    chunkNames: "[name]-[hash]",
    sourcemap: "linked",
    sourcesContent: false,
    external: ["better-sqlite3", "ws", "@node-rs/argon2"],
    logLevel: "warning",
  });
  return outputFiles;
}

/** Chunks of earlier builds; those of the last hour may still be wanted by a command that runs. */
function removeOldChunks(current) {
  for (const name of readdirSync(outdir)) {
    const path = join(outdir, name);
    if (!current.has(name) && Date.now() - statSync(path).mtimeMs > HOUR_MS) rmSync(path, { force: true });
  }
}

/** COMPILE_OPTIONS of the sources, so that tests and the built program compile templates alike. */
async function compileOptions() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(root, "generator/text/compile-options.ts")],
    bundle: true,
    format: "esm",
    write: false,
  });
  const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return module.COMPILE_OPTIONS;
}

/**
 * CommonJS packages that stay outside are loaded by `require`: an `import` of one has Node read it all for its export names first (esbuild: 90 ms
 * of CPU against 20).
 */
function byRequire(names) {
  const filter = new RegExp(`^(${names.join("|")})$`);
  return {
    name: "by-require",
    setup(builder) {
      builder.onResolve({ filter }, ({ path, namespace }) =>
        namespace === "by-require" ? { path, external: true } : { path, namespace: "by-require" },
      );
      builder.onLoad({ filter, namespace: "by-require" }, ({ path }) => ({
        contents: `const all = require(${JSON.stringify(path)}); export default all; export const { ${exportsOf(path).join(", ")} } = all;`,
        loader: "js",
      }));
    },
  };
}

/** Names that the package exports and that an ESM export may have. */
const exportsOf = (name) =>
  Object.keys(createRequire(import.meta.url)(name)).filter(
    (key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "default",
  );

function precompiledTemplates(options) {
  return {
    name: "precompiled-templates",
    setup(builder) {
      builder.onLoad({ filter: /[\\/]generator[\\/]text[\\/]templates\.ts$/ }, () => ({
        contents: templatesModule(options),
        resolveDir: join(root, "generator/text"),
        loader: "js",
      }));
    },
  };
}

function templatesModule(options) {
  const folder = join(root, "templates");
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".hbs"));
  const adds = paths.sort().map((path) => {
    const name = path.slice(0, -".hbs".length).replaceAll("\\", "/");
    return `add(${JSON.stringify(name)}, ${Handlebars.precompile(readFileSync(join(folder, path), "utf8"), options)});`;
  });
  return `import Handlebars from "handlebars/runtime.js";
import { HELPERS } from "./helpers.ts";
const engine = Handlebars.create();
engine.registerHelper({ ...HELPERS });
const all = new Map();
function add(name, spec) {
  const render = engine.template(spec);
  engine.registerPartial(name, render);
  all.set(name, (view) => render(view));
}
${adds.join("\n")}
export const template = (name) => all.get(name);
`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await build();
