import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CODES, RUNTIME_CODES } from "../../../generator/diagnostics/codes.ts";

const root = new URL("../../../", import.meta.url).pathname;
const THROWN = /new PylonError\(\s*"([A-Z_]+)",\s*(?:"[^"]*"|`[^`]*`),\s*(\d{3})/g;

async function serverSources(): Promise<string> {
  const texts: string[] = [];
  for (const folder of ["runtime-core", "templates"])
    for (const file of await readdir(join(root, folder), { recursive: true }))
      if (/\.(?:ts|hbs)$/.test(file)) texts.push(await readFile(join(root, folder, file), "utf8"));
  // The first lines of dist/server.js.
  texts.push(await readFile(join(root, "generator/5-write/banner.ts"), "utf8"));
  return texts.join("\n");
}

function thrownCodes(sources: string): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const [, code = "", status] of sources.matchAll(THROWN))
    found.set(code, (found.get(code) ?? new Set()).add(Number(status)));
  return found;
}

test("every code that the server throws is in the table, with one of its statuses", async () => {
  const thrown = thrownCodes(await serverSources());
  expect(thrown.size).toBeGreaterThan(10);
  const table: Readonly<Record<string, { readonly status: number; readonly text: string }>> = RUNTIME_CODES;
  // A status of its own for some cases must be told in the text.
  const wrong = [...thrown].filter(([code, statuses]) =>
    [...statuses].some(
      (s) => table[code] === undefined || (table[code].status !== s && !table[code].text.includes(`${s}`)),
    ),
  );
  expect(wrong.map(([code, statuses]) => [code, ...statuses])).toEqual([]);
});

test("every code in the table stands in the server's sources", async () => {
  const sources = await serverSources();
  expect(Object.keys(RUNTIME_CODES).filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
});

test("titles and advice are one line without a full stop; no code is of both kinds by accident", () => {
  for (const { title, advice } of Object.values(CODES)) {
    expect(title).toMatch(/^[^\n]*[^.\n]$/);
    expect(advice).toMatch(/^[^\n]*[^.\n]$/);
  }
  expect(Object.keys(CODES).filter((code) => Object.hasOwn(RUNTIME_CODES, code))).toEqual([]);
});
