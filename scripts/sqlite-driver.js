/** The one place that says which SQLite driver this Node takes. All who load, bundle or install one ask here. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** better-sqlite3 13 asks for Node-API 10; where there is less it ends the process with a segmentation fault. */
const NODE_API = 10;

/** Types and docs are in sqlite-driver.d.ts. */
export function sqliteDriver(root, versions = process.versions) {
  return versions.node.startsWith("20.") ? node20(join(root, "node20"), versions) : nodeApi(root);
}

/** better-sqlite3 12, compiled for the modules version of Node 20. */
function node20(home, { modules }) {
  const folder = join(home, "node_modules", "better-sqlite3");
  return {
    home,
    entry: join(folder, "lib", "index.js"),
    addon: () => join(folder, "build", "Release", "better_sqlite3.node"),
    runsOn: "Node 20",
    unfit: `process.versions.modules!==${JSON.stringify(modules)}`,
  };
}

/** better-sqlite3 13: one addon for every Node whose Node-API is recent enough. */
function nodeApi(home) {
  const folder = join(home, "node_modules", "better-sqlite3");
  return {
    home,
    entry: join(folder, "lib", "index.js"),
    addon: () => {
      // As the package's own loader: what was compiled on purpose comes before what came with it.
      const compiled = join(folder, "build", "Release", "better_sqlite3.node");
      if (existsSync(compiled)) return compiled;
      const { getPrebuildPath } = createRequire(import.meta.url)(join(folder, "lib", "binding.js"));
      return getPrebuildPath() ?? compiled;
    },
    runsOn: "Node 22.14 or later",
    unfit: `Number(process.versions.napi)<${NODE_API}`,
  };
}
