#!/usr/bin/env node
/** Starts the bundled command line, after making it again when a source is newer (a checkout that was edited or pulled). */
import { statSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { newestSource } from "../scripts/sources.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, "build", "main.js");

// Node 22 and later keep compiled code between runs; Node 20 has no such cache.
nodeModule.enableCompileCache?.();

const built = statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built < newestSource(root)) {
  const { build } = await import("../scripts/build.js");
  await build();
}
const { main } = await import("../build/main.js");
await main(process.argv.slice(2));
