import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CachedRun, lastDist, readCache, writeCache } from "../../../generator/5-write/cache.ts";

const RUN: CachedRun = {
  report: { text: ["warning"], color: [], github: [], json: [] },
  names: { name: "todo" },
  generated: 1,
  dist: ["server.js"],
};
const ENV = { MODE: "a", UNSET: undefined };

let app = "";
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), "pylon-cache-"));
  for (const folder of ["_generated", "dist", "functions", "lib"]) mkdirSync(join(app, folder));
  for (const path of ["app.ts", "lib/a.ts", "_generated/client.ts", "dist/server.js"]) put(path, path);
  writeCache({
    appDir: app,
    key: "k",
    inputs: [join(app, "app.ts"), join(app, "lib/a.ts")],
    env: ENV,
    outputs: ["_generated/client.ts", "dist/server.js"],
    run: RUN,
  });
});
afterEach(() => rmSync(app, { recursive: true }));

const put = (path: string, text: string) => writeFileSync(join(app, path), text);

test("when nothing changed the last run is the answer, also for files that were only touched", () => {
  expect(readCache(app, "k", ENV)).toEqual(RUN);
  utimesSync(join(app, "app.ts"), 1, 1);
  utimesSync(join(app, "_generated/client.ts"), 1, 1);
  expect(readCache(app, "k", { ...ENV, OTHER: "x" })).toEqual(RUN);
});

const CHANGES: Readonly<Record<string, () => void>> = {
  "an input": () => put("lib/a.ts", "other"),
  "an input that is gone": () => rmSync(join(app, "lib/a.ts")),
  "a new function": () => put("functions/send.ts", ""),
  "a page that appears": () => {
    mkdirSync(join(app, "web"));
    put("web/index.html", "");
  },
  "an edited output": () => put("_generated/client.ts", "other"),
  "an output that is gone": () => rmSync(join(app, "_generated/client.ts")),
  "a bundle that is gone": () => rmSync(join(app, "dist/server.js")),
  "another bundle": () => put("dist/server.js", "longer than it was"),
  "a cache that is cut short": () => put(".pylon/cache/codegen.json", "{"),
};
for (const [what, change] of Object.entries(CHANGES))
  test(`${what} asks for a new run`, () => {
    change();
    expect(readCache(app, "k", ENV)).toBeNull();
  });

for (const env of [{ MODE: "b" }, {}, { ...ENV, UNSET: "" }])
  test(`so does the environment ${JSON.stringify(env)}`, () => expect(readCache(app, "k", env)).toBeNull());

test("so does another toolchain", () => expect(readCache(app, "other", ENV)).toBeNull());

test("values of the environment are not stored", () => {
  expect(readFileSync(join(app, ".pylon/cache/codegen.json"), "utf8")).not.toContain('"a"');
});

test("what lies in dist is known also when the rest is out of date", () => {
  put("app.ts", "other");
  expect(lastDist(app)).toEqual(["server.js"]);
});
