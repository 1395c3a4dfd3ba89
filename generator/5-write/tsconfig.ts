import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { toolchainRequire, toolchainRoot } from "../toolchain.ts";
import { MODULE_MAP, moduleFile } from "./module-map.ts";
import { replaceFile } from "./replace-file.ts";

/** Gives editors and `pylon check --types` the names that codegen resolves. Holds absolute paths, so `.pylon/` is not committed. */
export function writeTsconfig(appDir: string): string {
  const place = join(appDir, ".pylon", "tsconfig.json");
  const paths = Object.fromEntries(Object.keys(MODULE_MAP).map((name) => [name, [moduleFile(name)]]));
  const config = {
    compilerOptions: {
      target: "ES2023",
      lib: ["ES2023", "DOM", "DOM.Iterable"],
      module: "ESNext",
      moduleResolution: "bundler",
      strict: true,
      noEmit: true,
      jsx: "react-jsx",
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      types: ["node"],
      typeRoots: [dirname(dirname(toolchainRequire.resolve("@types/node/package.json")))],
      paths: { ...paths, ...(hasOwnReact(appDir) ? {} : reactPaths()) },
    },
    include: ["../**/*.ts", "../**/*.tsx"],
    // Functions and shards are not served yet, so nothing gives types to the packages that they import.
    exclude: ["../node_modules", "../dist", "../expect", "../functions", "../shards"],
  };
  // The dev database and the cache lie here too; a folder without its own list would be committed with the first `git add .`.
  replaceFile(join(appDir, ".pylon", ".gitignore"), "*\n");
  replaceFile(place, `${JSON.stringify(config, null, 2)}\n`);
  return place;
}

/** The types that belong to the React that the page bundler takes for an app without its own. */
function reactPaths(): Record<string, string[]> {
  const folder = (name: string) => dirname(toolchainRequire.resolve(`@types/${name}/package.json`));
  const paths = ["react", "react-dom"].flatMap((name): [string, string[]][] => [
    [name, [folder(name)]],
    [`${name}/*`, [join(folder(name), "*")]],
  ]);
  return Object.fromEntries(paths);
}

function hasOwnReact(appDir: string): boolean {
  return (
    createRequire(join(appDir, "package.json"))
      .resolve.paths("react")
      ?.some((folder) => existsSync(join(folder, "react", "package.json")) && !folder.startsWith(toolchainRoot)) ===
    true
  );
}
