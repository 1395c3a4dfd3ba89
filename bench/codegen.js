/**
 * `node bench/codegen.js [--pairs N]`: `pylon codegen` as a whole process, interleaved with an empty Node start. Targets are those of a machine on which the
 * empty start takes 70 ms, so they are shown as they are and scaled by the empty start of this machine.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./median.js";
import { APP } from "./servers.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PYLON = join(root, "bin", "pylon.js");
const EMPTY_START_MS = 70;

/** A folder with the five entities of bench/app, its rules from the file given. */
function makeApp(rules) {
  const folder = mkdtempSync(join(tmpdir(), "bench-codegen-"));
  cpSync(join(APP, "schema.ts"), join(folder, "schema.ts"));
  cpSync(join(APP, rules), join(folder, "app.ts"));
  return folder;
}

function time(args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with code ${status}\n${stdout}${stderr}`);
  return performance.now() - started;
}

/** Nothing is left of an earlier run: no cache, no output. */
function clear(folder) {
  for (const made of [".pylon", "_generated", "dist"]) rmSync(join(folder, made), { recursive: true, force: true });
}

const { values } = parseArgs({ options: { pairs: { type: "string", default: "7" } } });
const strings = makeApp("app.ts");
const arrows = makeApp("arrows.ts");

const cold = (folder) => () => {
  clear(folder);
  return time([PYLON, "codegen", folder]);
};

/** In this order: the unchanged run follows a cold one of the same folder. */
const cases = [
  { name: "empty Node start", targetMs: null, run: () => time(["-e", "0"]) },
  { name: "cold, 5 entities, string policies", targetMs: 350, run: cold(strings) },
  { name: "unchanged", targetMs: 120, run: () => time([PYLON, "codegen", strings]) },
  { name: "cold, 5 entities, arrow policies", targetMs: 900, run: cold(arrows) },
];

try {
  time([PYLON, "codegen", strings]);
  const times = cases.map(() => []);
  for (let pair = 0; pair < Number(values.pairs); pair++)
    for (const [i, { run }] of cases.entries()) times[i].push(run());

  const empty = median(times[0]);
  process.stdout.write("| codegen | ms (median) | least to most | target | scaled to this machine | met |\n");
  process.stdout.write("| --- | --- | --- | --- | --- | --- |\n");
  for (const [i, { name, targetMs }] of cases.entries()) {
    const ms = median(times[i]);
    const range = `${Math.min(...times[i]).toFixed(0)} to ${Math.max(...times[i]).toFixed(0)}`;
    const scaled = targetMs === null ? Number.NaN : (targetMs * empty) / EMPTY_START_MS;
    const verdict =
      targetMs === null ? ["-", "-", "-"] : [targetMs, scaled.toFixed(0), ms <= scaled * 1.1 ? "yes" : "no"];
    process.stdout.write(`| ${[name, ms.toFixed(0), range, ...verdict].join(" | ")} |\n`);
  }
} finally {
  for (const folder of [strings, arrows]) rmSync(folder, { recursive: true, force: true });
}
