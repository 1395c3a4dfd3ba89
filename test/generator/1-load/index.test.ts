import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { load } from "../../../generator/1-load/index.ts";
import { runApp } from "../../../generator/1-load/run-app.ts";
import { appFolder, loadFiles, pointed } from "./app-folder.ts";

const MINIMAL = 'entities: [entity("A", { x: field.int() })]';

describe("what an app gives", () => {
  test("a printed manifest of an app written for the original packages", async () => {
    const files = {
      "app.ts": `import { buildManifest, cron, discoverAppRoutes, discoverFunctions, entity, field, llm, policy, requireEnv } from "@pylonsync/sdk";
import type { RouteMode } from "@pylonsync/react";
import { defineRoute } from "@pylonsync/react";
import create from "./functions/create";
const mode: RouteMode = "server";
const Post = entity("Post", { authorId: field.id("User"), title: field.string().default("x"), vec: field.vector(3) });
const functions = await discoverFunctions();
const manifest = buildManifest({
  name: "blog", version: "0.1.0", entities: [Post],
  queries: functions.queries, actions: functions.actions,
  routes: [defineRoute({ path: "/", mode }), ...(await discoverAppRoutes())],
  policies: [policy({ name: "p", entity: "Post", allowRead: "true" })],
  crons: [cron({ name: "nightly", schedule: "0 0 * * *" })], llm: llm({ provider: "x" }), requiredEnv: [requireEnv("KEY")],
});
console.log(JSON.stringify(manifest, null, 2));
`,
      "functions/create.ts": `import { mutation, v } from "@pylonsync/functions";
export default mutation({ args: { title: v.string(), tags: v.optional(v.array(v.string())) }, handler: async () => {} });
`,
      "functions/list.ts": `import { query } from "@pylonsync/functions";\nexport default query({ handler: async () => [] });\n`,
      "functions/list.test.ts": "",
      "app/notes/[id]/page.tsx": "export default () => null;",
      "shards/arena.ts": "export default {};",
      "web/index.html": "<!doctype html>",
    };
    const loaded = await loadFiles(files);
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded).toMatchObject({ usesOriginalPackages: true, compat: null, hasPage: true });
    expect(loaded.functions).toEqual([
      { name: "create", file: "functions/create.ts" },
      { name: "list", file: "functions/list.ts" },
    ]);
    expect(loaded.shards).toEqual([{ name: "arena", file: "shards/arena.ts" }]);
    expect(loaded.manifest).toMatchObject({
      name: "blog",
      queries: [{ name: "list", input: [] }],
      actions: [{ name: "create", input: [] }],
      routes: [
        { path: "/", mode: "server" },
        { path: "/notes/:id", mode: "ssr", component: "app/notes/[id]/page.tsx" },
      ],
      llm: { provider: "x" },
      requiredEnv: [{ name: "KEY" }],
    });
    expect(loaded.manifest?.entities[0]?.fields[2]).toEqual({
      name: "vec",
      type: "vector(3)",
      optional: false,
      unique: false,
      serverOnly: true,
    });
    expect(loaded.inputs.map((path) => path.slice(loaded.appDir.length + 1))).toEqual([
      "app.ts",
      "app/notes/[id]/page.tsx",
      "functions/create.ts",
      "functions/list.ts",
      "shards/arena.ts",
    ]);
  });

  test("a default export, however the app talks on stdout", async () => {
    const loaded = await loadFiles({
      "app.ts": `import { app, entity, field } from "pylon";
console.log("hello");
export default app({ name: "a", ${MINIMAL}, compat: "0.3" });`,
    });
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded).toMatchObject({
      usesOriginalPackages: false,
      compat: "0.3",
      manifest: { name: "a", version: "0.0.0" },
    });
  });

  test("a plain object as default export", async () => {
    const loaded = await loadFiles({
      "app.ts": `import { entity, field } from "pylon"; export default { name: "a", ${MINIMAL} };`,
    });
    expect(loaded.manifest?.entities[0]?.name).toBe("A");
  });

  test("a manifest that is printed later, and one that is followed by process.exit", async () => {
    const app = `import { app, entity, field } from "pylon"; const made = app({ name: "a", ${MINIMAL} });`;
    const later = await loadFiles({ "app.ts": `${app} setTimeout(() => console.log(JSON.stringify(made)), 20);` });
    expect(later.manifest?.name).toBe("a");
    const exits = await loadFiles({ "app.ts": `${app} process.stdout.write(JSON.stringify(made)); process.exit(0);` });
    expect(exits.manifest?.name).toBe("a");
  });

  test("functions alone make an app one of the original packages", async () => {
    const loaded = await loadFiles({
      "app.ts": `import { app, entity, field } from "pylon"; export default app({ name: "a", ${MINIMAL} });`,
      "functions/x.ts": `import type { QueryCtx } from "@pylonsync/functions";`,
    });
    expect(loaded.usesOriginalPackages).toBe(true);
  });
});

describe("the environment", () => {
  test("is the given one, and what the app reads of it is recorded", async () => {
    const loaded = await loadFiles(
      {
        "app.ts": `import { app, entity, field } from "pylon";
if ("FLAG" in process.env) process.env.FLAG = "changed";
export default app({ name: process.env.NAME ?? "none", version: process.env.MISSING ?? "1", ${MINIMAL} });`,
      },
      { NAME: "shop", FLAG: "1", OTHER: "unread" },
    );
    expect(loaded.manifest?.name).toBe("shop");
    expect(loaded.envRead).toMatchObject({ NAME: "shop", MISSING: undefined, FLAG: "1" });
    expect(Object.keys(loaded.envRead)).not.toContain("OTHER");
    expect(process.env.FLAG).toBeUndefined();
  });
});

describe("apps that are broken", () => {
  const problems = async (text: string, more: Readonly<Record<string, string>> = {}) => {
    const files = { "app.ts": text, ...more };
    const loaded = await loadFiles(files);
    expect(loaded.manifest).toBeNull();
    return loaded.diagnostics.map(({ code, message, at }) => `${code} ${message} | ${pointed(loaded, files, at)}`);
  };

  test("a syntax error", async () => {
    expect(await problems("const a = 1;\nconst b = = 2;\n")).toEqual([
      'SCHEMA_EVAL_FAILED Unexpected "=" | app.ts:2:11 =',
    ]);
  });

  test("an import that is not there", async () => {
    expect(await problems('import { x } from "./nope.ts";\nconsole.log(x);')).toEqual([
      'SCHEMA_EVAL_FAILED Could not resolve "./nope.ts" | app.ts:1:19 "./nope.ts"',
    ]);
  });

  test("a throw, in a helper", async () => {
    const found = await problems('import { port } from "./lib/port.ts";\n\nport();\n', {
      "lib/port.ts": 'export const port = () => {\n  throw new Error("no port");\n};\n',
    });
    expect(found).toEqual(["SCHEMA_EVAL_FAILED app.ts threw: no port | lib/port.ts:2:9 n"]);
  });

  test("a throw of what is no error, and a rejection", async () => {
    expect(await problems('throw "text";')).toEqual([expect.stringContaining("SCHEMA_EVAL_FAILED app.ts threw: text")]);
    expect(await problems('void Promise.reject(new Error("later"));')).toEqual([
      expect.stringContaining("SCHEMA_EVAL_FAILED app.ts threw: later | app.ts:1:"),
    ]);
  });

  test("a bad size of a vector", async () => {
    expect(await problems('import { field } from "pylon";\nexport const x = field.vector(0);')).toEqual([
      expect.stringMatching(/SCHEMA_EVAL_FAILED app.ts threw: field.vector\(0\).* \| app.ts:2:/),
    ]);
  });

  test("an enum of arguments, which would be one of letters", async () => {
    const { diagnostics } = await loadFiles({
      "app.ts": 'import { field } from "pylon";\nexport const x = field.enum("a", "b");',
    });
    expect(diagnostics).toMatchObject([
      {
        message: 'app.ts threw: field.enum("a", …): the values are one array',
        hint: 'put the values into brackets: field.enum(["a", "b"])',
        at: { key: expect.stringContaining("app.ts:2:") },
      },
    ]);
  });

  test("a builder that is not imported, and a name that is none of ours", async () => {
    const [ours] = (await loadFiles({ "app.ts": "export const x = policy({});" })).diagnostics;
    expect(ours?.hint).toBe('add: import { policy } from "pylon"');
    const [other] = (await loadFiles({ "app.ts": "export const x = polcy({});" })).diagnostics;
    expect(other?.hint).toContain("app.ts runs while the schema is read");
  });

  test("garbage on stdout, and nothing at all", async () => {
    expect(await problems('console.log("ready");')).toEqual([
      'MANIFEST_PARSE_ERROR app.ts printed something that is no JSON: "ready" | app.ts:1:1 ',
    ]);
    expect(await problems("export const x = 1;")).toEqual([
      "MANIFEST_PARSE_ERROR app.ts neither exports an app nor prints a manifest | app.ts:1:1 ",
    ]);
  });

  test("a manifest of another shape: every problem at once", async () => {
    const found = await problems(
      'console.log(JSON.stringify({ manifest_version: 1, name: 5, entities: [{ name: "A", fields: [{ name: "x", type: "int", optional: false, unique: false, crdt: "blob" }] }], routes: [] }));',
    );
    expect(found.map((text) => text.split(" | ")[0])).toEqual([
      "MANIFEST_PARSE_ERROR name is 5, not a string",
      "MANIFEST_PARSE_ERROR version is missing, not a string",
      'MANIFEST_PARSE_ERROR entities[0].fields[0].crdt is "blob", not one of lww, text, counter, list, movable-list, tree',
      "MANIFEST_PARSE_ERROR entities[0].indexes is missing, not a list",
    ]);
    expect(await problems("console.log(5);")).toEqual([expect.stringContaining("the manifest is 5, not an object")]);
  });

  test("no app.ts", async () => {
    const loaded = await load({ appFile: join(appFolder({}), "app.ts"), env: {} });
    expect(loaded.diagnostics.map(({ code }) => code)).toEqual(["MANIFEST_READ_FAILED"]);
  });

  test("a loop without end, and a timer without end, are stopped", async () => {
    for (const text of ["for (;;) {}", "setInterval(() => {}, 1000);"]) {
      const outcome = await runApp(join(appFolder({ "app.ts": text }), "app.ts"), {}, 300);
      expect(outcome.kind).toBe("timeout");
    }
  });
});

test("the same folder loads again after an edit", async () => {
  const folder = appFolder({});
  const app = (name: string) =>
    `import { app, entity, field } from "pylon"; export default app({ name: "${name}", ${MINIMAL} });`;
  for (const name of ["one", "two"]) {
    writeFileSync(join(folder, "app.ts"), app(name));
    expect((await load({ appFile: join(folder, "app.ts"), env: {} })).manifest?.name).toBe(name);
  }
});
