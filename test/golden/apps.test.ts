import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { APP_CASES, APPS, compile, compileCase } from "../support/apps.ts";
import { readTree, root, type TextFile } from "../support/files.ts";
import { expectGolden } from "../support/golden.ts";

const run = promisify(execFile);
const update = process.env.UPDATE_GOLDEN === "1";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pylon-golden-"));
  folders.push(folder);
  return folder;
}

/** What `expect/` holds: `_generated/` without its first folder, and what the terminal showed. */
async function expectation(name: string): Promise<TextFile[]> {
  const { files, report } = await compileCase(name);
  const generated = files.map(({ path, text }) => ({ path: path.replace(/^_generated\//, ""), text }));
  return [...generated, { path: "diagnostics.txt", text: report }];
}

/** A copy of the sources of a case, in a folder of another name. */
function copyOf(name: string): string {
  const folder = temporaryFolder();
  const isMade = /\/(_generated|dist|\.pylon|expect)$/;
  cpSync(join(APPS, name), folder, { recursive: true, filter: (path) => !isMade.test(path) });
  return folder;
}

describe("each app gives what lies in its expect/", () => {
  test.each(APP_CASES)("%s", async (name) => {
    const expected = await expectation(name);
    const folder = join(APPS, name, "expect");
    if (update) rmSync(folder, { recursive: true, force: true });
    for (const { path, text } of expected) expectGolden(text, join(folder, path));
    expect(expected.map(({ path }) => path).sort()).toEqual(readTree(folder).map(({ path }) => path));
  });

  test("and every folder of fixtures/apps is an app", () => {
    expect(readdirSync(APPS).sort()).toEqual(APP_CASES);
  });
});

describe("the output is the same to the byte", () => {
  test.each(APP_CASES)("%s: on a second run", async (name) => {
    expect((await compile(join(APPS, name))).files).toEqual((await compileCase(name)).files);
  });

  // The whole program, since the locale of a process is set when it starts.
  test.each(APP_CASES)("%s: in another folder, time zone and locale", { timeout: 120_000 }, async (name) => {
    const folder = copyOf(name);
    const env = { PATH: process.env.PATH, TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
    await run(process.execPath, [join(root, "bin/pylon.js"), "codegen"], { cwd: folder, env });
    const written = readTree(join(folder, "_generated")).filter(({ path }) => path !== "files.json");
    const expected = (await expectation(name)).filter(({ path }) => path !== "diagnostics.txt");
    expect(written).toEqual([...expected].sort((a, b) => (a.path < b.path ? -1 : 1)));
  });
});

/** What biome would change in these files, as it says it; empty when nothing. */
async function formattingOf(files: readonly TextFile[]): Promise<string> {
  const folder = temporaryFolder();
  const formatter = { indentStyle: "space", indentWidth: 2, lineWidth: 120 };
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ formatter }));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const words = [biome, "format", "--colors=off", "--max-diagnostics=none", ...files.map(({ path }) => path)];
  return run(process.execPath, words, { cwd: folder, maxBuffer: 2 ** 26 }).then(
    () => "",
    (failure: { readonly stderr: string }) => failure.stderr,
  );
}

describe("a formatter changes nothing", () => {
  test.each(APP_CASES)("%s", async (name) => {
    const { files } = await compileCase(name);
    const typescript = files.filter(({ path }) => /\.tsx?$/.test(path));
    expect(typescript.length).toBeGreaterThan(2);
    expect(await formattingOf(typescript)).toBe("");
  });

  test("the control: it would change this", async () => {
    expect(await formattingOf([{ path: "a.ts", text: "const a = {b:1}\n" }])).toMatch(/const.a.=.{.b:.1.};/);
  });
});
