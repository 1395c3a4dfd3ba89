import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, describe, expect, test } from "vitest";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The contract and the adapter in one worker: the port lives inside the object, so the tests have to as well. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here("durable-object-worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    alias: { vitest: here("contract-runner.ts") },
    external: ["node:*"],
    define: { "process.env.NODE_ENV": '"test"' },
  });
  return outputFiles[0]?.text ?? "";
}

const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await bundle() }],
  compatibilityDate: "2026-01-01",
  compatibilityFlags: ["nodejs_compat"],
  durableObjects: { TESTS: { className: "ContractObject", useSQLite: true } },
});
afterAll(() => miniflare.dispose());

const ask = async (path: string): Promise<unknown> => (await miniflare.dispatchFetch(`http://object${path}`)).json();

describe("storage contract: SQLite Durable Object", async () => {
  const names = (await ask("/names")) as string[];
  test("all of it is there", () => expect(names.length).toBeGreaterThan(10));
  test.each(names)("%s", async (name) => {
    expect(await ask(`/run?name=${encodeURIComponent(name)}`)).toEqual({ ok: true });
  });
});
