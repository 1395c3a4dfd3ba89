import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { load } from "../../generator/1-load/index.ts";
import { resolve } from "../../generator/2-resolve/index.ts";
import { check } from "../../generator/3-check/index.ts";
import { CODES, type CodeName } from "../../generator/diagnostics/codes.ts";
import type { Diagnostic } from "../../generator/diagnostics/diagnostic.ts";
import { errorsPage } from "../../generator/diagnostics/errors-page.ts";
import { formatDiagnostics } from "../../generator/diagnostics/report.ts";

const update = process.env.UPDATE_GOLDEN === "1";
const root = new URL("../../", import.meta.url).pathname;
const fixtures = join(root, "fixtures/errors");

const cases = (await readdir(fixtures)).sort();
const names = Object.keys(CODES) as CodeName[];

/** What else a case cannot help saying: a part that is not served yet is needed to make the mistake. */
const ALONGSIDE: readonly CodeName[] = ["NOT_SERVED_YET"];

/** Said by bundling, which comes after the check. */
const AFTER_CHECK: readonly CodeName[] = ["BUNDLE_FAILED"];

/** A message may name the folder that it was run in. */
const withoutFolder = (text: string, folder: string): string => text.replaceAll(folder, "<app>");

async function diagnose(folder: string): Promise<{ found: readonly Diagnostic[]; frames: string }> {
  const loaded = await load({ appFile: join(folder, "app.ts"), env: {} });
  const resolved = loaded.manifest === null ? null : resolve(loaded);
  const found = [
    ...loaded.diagnostics,
    ...(resolved === null ? [] : [...resolved.diagnostics, ...check(resolved.ir, loaded)]),
  ];
  const files = new Map<string, string>();
  for (const file of ["app.ts", ...loaded.functions.map((f) => f.file)])
    files.set(file, await readFile(join(folder, file), "utf8").catch(() => ""));
  const lines = formatDiagnostics(found, loaded.locate, (file) => files.get(file) ?? "", {
    color: false,
    format: "text",
  });
  return { found, frames: `${withoutFolder(lines.join("\n"), folder)}\n` };
}

async function golden(file: string, text: string): Promise<void> {
  if (update) {
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
  }
  expect(text).toBe(await readFile(file, "utf8"));
}

test("every code has a case, and every case a code", () => {
  expect(cases).toEqual(names.filter((name) => !AFTER_CHECK.includes(name)).sort());
});

describe("each case says its code, draws its frame and says nothing else", () => {
  for (const code of cases)
    test.concurrent(code, async () => {
      const folder = join(fixtures, code);
      const { found, frames } = await diagnose(folder);
      const codes = new Set<string>(found.map((d) => d.code));
      expect(codes).toContain(code);
      expect([...codes].filter((c) => c !== code && !ALONGSIDE.includes(c as CodeName))).toEqual([]);
      expect(found.filter((d) => d.code === code && d.severity === CODES[code as CodeName].severity)).not.toEqual([]);
      await golden(join(folder, "expect.txt"), frames);
    });
});

test("docs/errors.md is made from the table", async () => {
  await golden(join(root, "docs/errors.md"), errorsPage());
});
