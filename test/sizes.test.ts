import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffLines } from "diff";
import { afterAll, describe, expect, test } from "vitest";
import type { OutFile } from "../generator/ir/out-file.ts";
import { APPS, compile, compileCase } from "./support/apps.ts";
import { bundleServerOf, PACKAGES } from "./support/bundle.ts";
import { importCycles } from "./support/cycles.ts";
import { readTree, root } from "./support/files.ts";

/** Lines that a folder of the core may have. */
const FOLDERS: Readonly<Record<string, number>> = {
  kernel: 450,
  protocol: 500,
  sql: 450,
  "storage/schema": 600,
  "storage/sqlite": 1_300,
  "storage/postgres": 1_300,
  log: 1_000,
  live: 1_000,
  contract: 1_300,
  net: 1_700,
  crdt: 1_400,
  shards: 1_800,
};
/** The storage port and the schema, without the adapters. */
const PORT_LINES_MAX = 1_000;
const CORE_LINES_MAX = 13_500;
const CLIENT_LINES_MAX = 3_500;
const FILE_LINES_MAX = 300;
const MEDIAN_LINES_MAX = 110;
const KILOBYTE = 1024;

const linesOf = (text: string): number => text.split("\n").length - 1;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

function sourcesOf(folder: string): { readonly path: string; readonly lines: number }[] {
  if (!existsSync(join(root, folder))) return [];
  const files = readTree(join(root, folder)).filter(({ path }) => /\.tsx?$/.test(path));
  return files.map(({ path, text }) => ({ path: `${folder}/${path}`, lines: linesOf(text) }));
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const linesBelow = (folder: string): number => sum(sourcesOf(folder).map((file) => file.lines));

describe("sources", () => {
  test.each(Object.entries(FOLDERS))("runtime-core/%s has at most %d lines", (folder, linesMax) => {
    expect(linesBelow(`runtime-core/${folder}`)).toBeLessThanOrEqual(linesMax);
  });

  test("the storage port and the schema have at most 1,000 lines", () => {
    const adapters = linesBelow("runtime-core/storage/sqlite") + linesBelow("runtime-core/storage/postgres");
    expect(linesBelow("runtime-core/storage") - adapters).toBeLessThanOrEqual(PORT_LINES_MAX);
  });

  test("the core has at most 13,500 lines", () => {
    const folders = [...new Set(Object.keys(FOLDERS).map((folder) => folder.split("/")[0] ?? ""))];
    expect(sum(folders.map((folder) => linesBelow(`runtime-core/${folder}`)))).toBeLessThanOrEqual(CORE_LINES_MAX);
  });

  test.each(readdirSync(join(root, "runtime-core/features")))("the feature %s is small", (name) => {
    const isLarge = name === "auth" || name === "functions";
    expect(linesBelow(`runtime-core/features/${name}`)).toBeLessThanOrEqual(isLarge ? 1_800 : 900);
  });

  test("the client has at most 3,500 lines", () => {
    expect(linesBelow("runtime-core/client") + linesBelow("runtime-core/react")).toBeLessThanOrEqual(CLIENT_LINES_MAX);
  });

  test("no file is longer than 300 lines, and half of them have at most 110", () => {
    const all = ["runtime-core", "generator"].flatMap(sourcesOf);
    expect(all.filter((file) => file.lines > FILE_LINES_MAX)).toEqual([]);
    expect(median(all.map((file) => file.lines))).toBeLessThanOrEqual(MEDIAN_LINES_MAX);
    // The control: there is something to count.
    expect(all.length).toBeGreaterThan(200);
  });

  test("no module imports itself by way of others", () => {
    const files = ["runtime-core", "generator"].flatMap((folder) =>
      readTree(join(root, folder))
        .filter(({ path }) => /\.tsx?$/.test(path))
        .map(({ path, text }) => ({ path: `${folder}/${path}`, text })),
    );
    expect(importCycles(files)).toEqual([]);
    const cyclic = [
      { path: "a.ts", text: 'import { b } from "./b.ts";' },
      { path: "b.ts", text: 'import { a } from "./a.ts";' },
    ];
    expect(importCycles(cyclic)).toHaveLength(1);
  });
});

describe("the generated server", () => {
  const bundle = async (name: string, external: readonly string[]) =>
    bundleServerOf(join(APPS, name), (await compileCase(name)).files, external);

  /** Without an entity, for each entity more, for each feature used. */
  const BASE_KB = 85;
  const ENTITY_KB = 5;
  const FEATURE_KB = 15;

  test.each([
    ["todo", 2, ["auth", "meta"]],
    ["kitchen-sink", 7, ["auth", "meta", "encryption"]],
  ] as const)("%s is small without its packages: %d entities, features %j", async (name, entities, features) => {
    const { text } = await bundle(name, PACKAGES);
    const kilobytesMax = BASE_KB + entities * ENTITY_KB + features.length * FEATURE_KB;
    expect(Buffer.byteLength(text) / KILOBYTE).toBeLessThanOrEqual(kilobytesMax);
  });

  test("holds nothing of the toolchain", async () => {
    const { inputs } = await bundle("kitchen-sink", ["@node-rs/argon2"]);
    expect(inputs.filter((path) => /node_modules\/(zod|ts-morph|typescript|handlebars|esbuild)\//.test(path))).toEqual(
      [],
    );
    expect(inputs.filter((path) => /(^|\/)(generator|templates)\//.test(path))).toEqual([]);
    // The control: what it does stand on is seen.
    expect(inputs.some((path) => path.includes("node_modules/better-sqlite3/"))).toBe(true);
  });

  test("holds no manifest: it lies beside the server, for those who ask for it", async () => {
    const { text, inputs } = await bundle("todo", PACKAGES);
    expect(text).not.toContain("manifest_version");
    expect(inputs.filter((path) => path.endsWith(".json"))).toEqual([]);
    const { files } = await compileCase("todo");
    expect(files.find(({ path }) => path === "_generated/manifest.json")?.text).toContain("manifest_version");
  });

  test("has a module of at most 220 lines for Todo", async () => {
    const { files } = await compileCase("todo");
    const todo = files.find(({ path }) => path === "_generated/server/todo.ts");
    expect(linesOf(todo?.text ?? "")).toBeGreaterThan(20);
    expect(linesOf(todo?.text ?? "")).toBeLessThanOrEqual(220);
  });
});

describe("a change of app.ts stays local", () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** What codegen makes of the to-do app after an edit of its source. */
  async function edited(edit: (source: string) => string): Promise<readonly OutFile[]> {
    const folder = mkdtempSync(join(tmpdir(), "pylon-edit-"));
    folders.push(folder);
    cpSync(join(APPS, "todo/web"), join(folder, "web"), { recursive: true });
    const source = readFileSync(join(APPS, "todo/app.ts"), "utf8");
    const after = edit(source);
    expect(after).not.toBe(source);
    writeFileSync(join(folder, "app.ts"), after);
    return (await compile(folder)).files;
  }

  function changes(before: readonly OutFile[], after: readonly OutFile[]): { path: string; lines: number }[] {
    return before.flatMap(({ path, text }) => {
      const now = after.find((file) => file.path === path)?.text ?? "";
      const lines = sum(diffLines(text, now).map((part) => (part.added || part.removed ? part.count : 0)));
      return lines === 0 ? [] : [{ path, lines }];
    });
  }

  test("a field more: at most 8 files and 60 lines", async () => {
    const { files } = await compileCase("todo");
    const after = await edited((source) =>
      source.replace("title: field.string(),", "title: field.string(),\n    note: field.string().optional(),"),
    );
    const changed = changes(files, after);
    expect(changed.length, JSON.stringify(changed)).toBeLessThanOrEqual(8);
    expect(sum(changed.map(({ lines }) => lines)), JSON.stringify(changed)).toBeLessThanOrEqual(60);
    expect(changed.map(({ path }) => path)).toContain("_generated/server/todo.ts");
  });

  // Manifest, SQL, access.md and openapi.json each are one document about the whole app; what counts is the program.
  test("an entity more: at most 5 of the modules that were there", async () => {
    const { files } = await compileCase("todo");
    const after = await edited((source) =>
      source
        .replace("export default", 'const Tag = entity("Tag", { name: field.string() });\n\nexport default')
        .replace("[User, Todo]", "[User, Todo, Tag]")
        .replace("policies: [", 'policies: [\n    policy({ name: "tags", entity: Tag, allow: "auth.isAdmin" }),'),
    );
    const serving = (file: OutFile) => file.path.startsWith("_generated/server/");
    const changed = changes(files, after).map(({ path }) => path);
    const modules = changed.filter((path) => /\.tsx?$/.test(path));
    expect(modules.length, modules.join(" ")).toBeLessThanOrEqual(5);
    expect(after.filter(serving).length).toBeGreaterThan(files.filter(serving).length);
  });

  test("another order of declarations: SQL and access.md are as they were", async () => {
    const { files } = await compileCase("todo");
    const after = await edited((source) => {
      const [user = "", todo = "", ...rest] = source.split(/^(?=const |export default)/m).slice(1);
      const [head = ""] = source.split("const User");
      const [ownTodos = ""] = /^ {4}policy\(\{ name: "ownTodos".*\n/m.exec(rest.join("")) ?? [];
      const app = rest.join("").replace("[User, Todo]", "[Todo, User]").replace(ownTodos, "");
      return `${head}${todo}${user}${app.replace("policies: [\n", `policies: [\n${ownTodos}`)}`;
    });
    const kept = ({ path }: OutFile) => path.startsWith("_generated/sql/") || path === "_generated/access.md";
    expect(files.filter(kept)).toHaveLength(3);
    expect(changes(files.filter(kept), after)).toEqual([]);
  });
});
