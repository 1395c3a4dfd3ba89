import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { APP_CASES, compileCase } from "./support/apps.ts";
import { readTree, root, type TextFile } from "./support/files.ts";
import { importsOf } from "./support/imports.ts";
import { forbiddenImports } from "./support/layers.ts";

const sources: readonly TextFile[] = ["runtime-core", "generator"].flatMap((folder) =>
  readTree(join(root, folder))
    .filter(({ path }) => /\.tsx?$/.test(path))
    .map(({ path, text }) => ({ path: `${folder}/${path}`, text })),
);

describe("who may import whom", () => {
  test("in the sources", () => expect(forbiddenImports(sources)).toEqual([]));

  test.each(APP_CASES)("in the generated app of %s", async (name) => {
    const { files } = await compileCase(name);
    expect(forbiddenImports(files.filter(({ path }) => /\.tsx?$/.test(path)))).toEqual([]);
  });

  test("templates hold no code", () => {
    const paths = readTree(join(root, "templates")).map((file) => file.path);
    expect(paths.filter((path) => !path.endsWith(".hbs"))).toEqual([]);
  });
});

/** Where nothing else would show that the test looks at anything. */
describe("a forbidden import is found", () => {
  const seeded: readonly [string, string][] = [
    ["runtime-core/kernel/ids.ts", 'import { randomBytes } from "node:crypto";'],
    ["runtime-core/protocol/wire.ts", 'import type { Database } from "../storage/ports.ts";'],
    ["runtime-core/storage/ports.ts", 'export * from "../log/feed.ts";'],
    ["runtime-core/storage/schema/apply.ts", 'import Database from "better-sqlite3";'],
    ["runtime-core/live/fan-out.ts", 'import { send } from "../net/send.ts";'],
    ["runtime-core/net/server.ts", 'import { sessions } from "../features/auth/index.ts";'],
    ["runtime-core/features/auth/index.ts", 'import { open } from "../../storage/sqlite/index.ts";'],
    ["runtime-core/features/rooms/index.ts", 'import { sessions } from "../auth/index.ts";'],
    ["runtime-core/contract/index.ts", 'export { sessions } from "../features/auth/index.ts";'],
    ["runtime-core/client/index.ts", 'const driver = await import("better-sqlite3");'],
    ["runtime-core/sql/ident.ts", 'import { parse } from "../../generator/policy/parse.ts";'],
    ["generator/pipeline.ts", 'import { Feed } from "../runtime-core/log/feed.ts";'],
    ["generator/4-emit/index.ts", 'import { readRow } from "../../runtime-core/contract/index.ts";'],
    ["_generated/server/todo.ts", 'import { createServer } from "pylon/server";'],
    ["_generated/client.ts", 'import {\n  todo,\n} from "./server/todo.ts";'],
    ["elsewhere/file.ts", ""],
  ];
  test.each(seeded)("%s: %s", (path, text) => expect(forbiddenImports([{ path, text }])).toHaveLength(1));

  test("and the sources are read", () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(sources.length);
  });
});
