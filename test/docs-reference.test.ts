import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { field } from "../generator/dsl/index.ts";
import { LIMITS } from "../runtime-core/kernel/limits.ts";
import { root } from "./support/files.ts";

const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
const page = textOf("docs/reference.md");

/** The cells of the table rows that begin with a variable. */
const rows = new Map(
  [...page.matchAll(/^\| `(PYLON_\w+)` \|(.*)\|$/gm)].map(([, name = "", cells = ""]) => [
    name,
    cells.split("|").map((cell) => cell.trim()),
  ]),
);
const shown = (value: number | undefined): string => value?.toLocaleString("en-US") ?? "";

test("the reference has every limit with its defaults", () => {
  const wanted = Object.values(LIMITS).map(({ env, value, dev }) => [env, shown(value), shown(dev)]);
  expect(wanted.map(([env = ""]) => [env, ...(rows.get(env) ?? []).slice(0, 2)])).toEqual(wanted);
});

test("and every variable of the configuration", () => {
  const names = new Set(textOf("runtime-core/net/config.ts").match(/PYLON_[A-Z]+(?:_[A-Z]+)*/g));
  expect(names.size).toBeGreaterThan(10);
  expect([...names].filter((name) => !rows.has(name))).toEqual([]);
});

test("and names none that nobody reads", () => {
  const read = [
    "runtime-core/net/config.ts",
    "runtime-core/kernel/limits.ts",
    "runtime-core/features/encryption/cipher.ts",
  ]
    .map(textOf)
    .join("\n");
  expect([...rows.keys()].filter((name) => !read.includes(name))).toEqual([]);
});

test("and every kind and modifier of a field", () => {
  const kinds = Object.keys(field).map((kind) => `field.${kind}`);
  const modifiers = Object.entries(field.string()).flatMap(([name, value]) =>
    typeof value === "function" ? [`\`.${name}(`] : [],
  );
  expect([...kinds, ...modifiers].filter((name) => !page.includes(name))).toEqual([]);
});
