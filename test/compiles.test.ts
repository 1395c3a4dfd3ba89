import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { writeTsconfig } from "../generator/5-write/tsconfig.ts";
import { APP_CASES, APPS, compileCase } from "./support/apps.ts";
import { root, type TextFile } from "./support/files.ts";

const run = promisify(execFile);
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Stricter than what `.pylon/tsconfig.json` asks of users: generated code has no excuse. */
const STRICTER = {
  extends: "./.pylon/tsconfig.json",
  compilerOptions: {
    noUnusedLocals: true,
    noUnusedParameters: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
  },
  // Functions of an app may import what is not served yet.
  include: ["app.ts", "schema", "web", "_generated"],
};

/** What TypeScript says about an app with these generated files; empty when it accepts it. */
async function typeCheck(name: string, files: readonly TextFile[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pylon-types-"));
  folders.push(folder);
  const isMade = /\/(_generated|dist|\.pylon|expect|functions|shards)$/;
  cpSync(join(APPS, name), folder, { recursive: true, filter: (path) => !isMade.test(path) });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeTsconfig(folder);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(STRICTER));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [tsc, "-p", join(folder, "tsconfig.json")], { cwd: folder }).then(
    () => "",
    (failure: { readonly stdout: string }) => failure.stdout,
  );
}

describe("strict TypeScript accepts app and generated code", () => {
  test.each(APP_CASES)("%s", async (name) => {
    expect(await typeCheck(name, (await compileCase(name)).files)).toBe("");
  });

  test("the control: an unused name and a wrong type are found", async () => {
    const seeded = { path: "_generated/seeded.ts", text: 'const unused = 1;\nexport const wrong: number = "text";\n' };
    const said = await typeCheck("no-user", [seeded]);
    expect(said).toContain("_generated/seeded.ts(1,7): error TS6133");
    expect(said).toContain("_generated/seeded.ts(2,14): error TS2322");
  });
});
