import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const BYTES_MAX = 12 * 1024;
const root = join(import.meta.dirname, "../../..");

test("the whole client without React is at most 12 KB gzipped, and needs no Node module", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, "runtime-core/client/index.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    metafile: true,
    absWorkingDir: root,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? "").length).toBeLessThanOrEqual(BYTES_MAX);
  const outside = Object.keys(metafile.inputs).filter(
    (path) => !/^runtime-core\/(client|kernel|protocol)\//.test(path),
  );
  expect(outside).toEqual([]);
});
