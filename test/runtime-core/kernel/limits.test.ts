import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LIMITS, readLimits } from "../../../runtime-core/kernel/limits.ts";
import { readTree, root } from "../../support/files.ts";

const page = readFileSync(join(root, "docs/settings.md"), "utf8");

describe("docs/settings.md", () => {
  test.each(Object.values(LIMITS))("gives $env with its default", ({ env, value, dev }) => {
    expect(page).toContain(`| \`${env}\` | ${value}${dev === undefined ? "" : `; dev ${dev}`} |`);
  });

  test("names what the server reads, and nothing else", () => {
    const sources = readTree(join(root, "runtime-core"))
      .filter(({ path }) => path.endsWith(".ts"))
      .map(({ text }) => text)
      .join("\n");
    const names = (text: string) => [...new Set(text.match(/PYLON_[A-Z_]+/g))].sort();
    expect(names(page)).toEqual(names(sources));
  });
});

test.each(["0", "-1", "1.5", "many"])("a limit of %s stops the start", (text) => {
  expect(() => readLimits({ PYLON_SCAN_MS: text }, false)).toThrow("PYLON_SCAN_MS must be a whole number");
});
