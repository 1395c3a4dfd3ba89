import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/files.ts";

const page = readFileSync(join(root, "docs/guarantees.md"), "utf8");

/** Links whose file is missing, or has no test of that name. */
function broken(text: string): readonly string[] {
  return [...text.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].flatMap(([, name = "", path = ""]) => {
    const file = join(root, path);
    const isThere = existsSync(file) && new RegExp(`["\`]${escaped(name)}["\`]`).test(readFileSync(file, "utf8"));
    return isThere ? [] : [`${path}: ${name}`];
  });
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

test("every link leads to a test", () => expect(broken(page)).toEqual([]));

test("every guarantee has a link", () => {
  const guarantees = page.split(/\n(?=- |#)/).filter((part) => part.startsWith("- "));
  expect(guarantees.length).toBeGreaterThan(40);
  expect(guarantees.filter((text) => !text.includes("](../test/"))).toEqual([]);
});

test("the control: a file that is not there and a test that has another name are found", () => {
  expect(broken("[a](../test/nowhere.test.ts) [b](../test/guarantees.test.ts)")).toHaveLength(2);
});
