/**
 * Installs the SQLite driver of Node 20, from its own lock file, where that is the Node. Part of npm `prepare`: a dependency of the
 * package itself would be compiled on every Node, for minutes, by each npm that knows no `allowScripts`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sqliteDriver } from "./sqlite-driver.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { home, addon } = sqliteDriver(root);
if (home === join(root, "node20") && !isInstalled()) install();

/** The wanted version is there and was compiled. */
function isInstalled() {
  const wanted = fieldOf(join(home, "package.json"), ({ dependencies }) => dependencies["better-sqlite3"]);
  const found = fieldOf(join(home, "node_modules/better-sqlite3/package.json"), ({ version }) => version);
  return wanted === found && existsSync(addon());
}

function fieldOf(path, pick) {
  return existsSync(path) ? pick(JSON.parse(readFileSync(path, "utf8"))) : null;
}

function install() {
  const npm = process.env.npm_execpath;
  const [command, words] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const { status, error } = spawnSync(command, [...words, "ci"], {
    cwd: home,
    stdio: "inherit",
    // On Windows npm is a script, which only a shell starts.
    shell: npm === undefined && process.platform === "win32",
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
