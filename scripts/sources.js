import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = ["generator", "runtime-core", "templates"];
const FILES = [
  "node20/package.json",
  "package.json",
  "scripts/build.js",
  "scripts/sources.js",
  "scripts/sqlite-driver.js",
];

/** Every file that a run of the toolchain depends on, relative to the package, sorted. */
export function sourceFiles(root) {
  const found = [...FILES];
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  for (const folder of FOLDERS) visit(folder);
  return found.sort();
}

/** Time of the latest change, in milliseconds. */
export function newestSource(root) {
  let newest = 0;
  for (const path of sourceFiles(root)) newest = Math.max(newest, statSync(join(root, path)).mtimeMs);
  return newest;
}

/** Stands for the toolchain in the key of the codegen cache. Dependencies count by their exact versions in package.json. */
export function hashSources(root) {
  const hash = createHash("sha256");
  for (const path of sourceFiles(root))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex").slice(0, 32);
}
