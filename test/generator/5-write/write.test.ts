import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compareGenerated, compareList, unifiedDiff } from "../../../generator/5-write/compare.ts";
import { parseList, readList } from "../../../generator/5-write/files-list.ts";
import { placeInside } from "../../../generator/5-write/paths.ts";
import { writeGenerated } from "../../../generator/5-write/write.ts";

let app = "";
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), "pylon-write-"));
});
afterEach(() => rmSync(app, { recursive: true }));

const A = { path: "_generated/access.md", text: "a\n" };
const B = { path: "_generated/server/todo.ts", text: "one\ntwo\nthree\n" };
const read = (path: string) => readFileSync(join(app, path), "utf8");

describe("writing", () => {
  test("a second run touches nothing", () => {
    expect(writeGenerated(app, [A, B], "1")).toEqual({
      changed: [A.path, B.path],
      removed: [],
      unchanged: 0,
      edited: [],
    });
    const before = statSync(join(app, B.path)).mtimeMs;
    const list = statSync(join(app, "_generated/files.json")).mtimeMs;
    expect(writeGenerated(app, [A, B], "1")).toEqual({ changed: [], removed: [], unchanged: 2, edited: [] });
    expect(statSync(join(app, B.path)).mtimeMs).toBe(before);
    expect(statSync(join(app, "_generated/files.json")).mtimeMs).toBe(list);
  });

  test("the list has one line a file, sorted, with the toolchain on one", () => {
    writeGenerated(app, [B, A], "1.2.3");
    expect(read("_generated/files.json").split("\n")).toEqual([
      "{",
      '  "toolchain": "1.2.3",',
      '  "files": {',
      expect.stringMatching(/^ {4}"_generated\/access\.md": "[0-9a-f]{64}",$/),
      expect.stringMatching(/^ {4}"_generated\/server\/todo\.ts": "[0-9a-f]{64}"$/),
      "  }",
      "}",
      "",
    ]);
  });

  test("what the list no longer names goes, with its empty folder; a stranger's file stays", () => {
    writeGenerated(app, [A, B], "1");
    writeFileSync(join(app, "_generated/mine.md"), "mine");
    expect(writeGenerated(app, [A], "1").removed).toEqual([B.path]);
    expect(existsSync(join(app, "_generated/server"))).toBe(false);
    expect(read("_generated/mine.md")).toBe("mine");
  });

  test("without a readable list nothing is deleted", () => {
    writeGenerated(app, [A, B], "1");
    writeFileSync(join(app, "_generated/files.json"), "<<<<<<< ours");
    expect(writeGenerated(app, [A], "1").removed).toEqual([]);
    expect(read(B.path)).toBe(B.text);
  });

  test("a file edited by hand is written again and named", () => {
    writeGenerated(app, [A, B], "1");
    writeFileSync(join(app, A.path), "mine\n");
    expect(writeGenerated(app, [A, B], "1")).toMatchObject({ changed: [A.path], edited: [A.path] });
  });

  for (const path of [
    "_generated/../../x",
    "../x",
    "/etc/x",
    "_generated\\..\\x",
    "_generated/..",
    "app.ts",
    "_generated",
  ])
    test(`the path ${path} is refused before anything is written`, () => {
      expect(() => writeGenerated(app, [A, { path, text: "" }], "1")).toThrow("leaves");
      expect(existsSync(join(app, A.path))).toBe(false);
    });

  test("a list that was edited to name a file elsewhere deletes nothing", () => {
    const outside = join(app, "app.ts");
    writeFileSync(outside, "");
    writeGenerated(app, [A], "1");
    const list = read("_generated/files.json").replace('"files": {', '"files": {\n    "_generated/../app.ts": "0",');
    writeFileSync(join(app, "_generated/files.json"), list);
    expect(() => writeGenerated(app, [A], "1")).toThrow("leaves");
    expect(existsSync(outside)).toBe(true);
  });

  test("a symbolic link does not lead outside", () => {
    mkdirSync(join(app, "_generated"));
    mkdirSync(join(app, "elsewhere"));
    symlinkSync("../elsewhere", join(app, "_generated/server"));
    expect(() => placeInside(join(app, "_generated"), "server/todo.ts")).toThrow("leaves");
    expect(() => placeInside(join(app, "_generated"), "servers/todo.ts")).not.toThrow();
  });
});

describe("comparing", () => {
  const newB = { ...B, text: "one\nTWO\nthree\n" };

  test("nothing differs after codegen", () => {
    writeGenerated(app, [A, B], "1");
    expect(compareGenerated(app, [A, B], "1")).toEqual([]);
    expect(compareList(app, [A, B], "1")).toBeNull();
  });

  test("the list alone may be behind, and is told why", () => {
    writeGenerated(app, [A, B], "1");
    expect(compareList(app, [A, B], "2")).toBe("toolchain");
    writeGenerated(app, [A], "1");
    expect(compareList(app, [A, B], "1")).toBe("stale");
  });

  test("stale, edited by hand and another toolchain are told apart", () => {
    writeGenerated(app, [A, B], "1");
    writeFileSync(join(app, A.path), "mine\n");
    const causes = (toolchain: string) => compareGenerated(app, [A, newB], toolchain).map((d) => d.cause);
    expect(causes("1")).toEqual(["edited", "stale"]);
    expect(causes("2")).toEqual(["edited", "toolchain"]);
    expect(read(A.path)).toBe("mine\n");
  });

  test("missing and left-over files differ too", () => {
    writeGenerated(app, [A], "1");
    expect(compareGenerated(app, [B], "1")).toEqual([
      { path: A.path, cause: "stale", before: A.text, after: null },
      { path: B.path, cause: "stale", before: null, after: B.text },
    ]);
  });

  test("a unified diff", async () => {
    writeGenerated(app, [A, B], "1");
    expect(await unifiedDiff(compareGenerated(app, [A, newB], "1"))).toEqual([
      "--- _generated/server/todo.ts",
      "+++ what app.ts says now",
      "@@ -1,3 +1,3 @@",
      " one",
      "-two",
      "+TWO",
      " three",
    ]);
  });
});

for (const [text, why] of [
  ["", "empty"],
  ["[]", "a list"],
  ['{"toolchain":1,"files":{}}', "no version"],
  ['{"toolchain":"1","files":{"a":1}}', "a hash that is no text"],
] as const)
  test(`a list is not read when it is ${why}`, () => expect(parseList(text)).toBeNull());

test("no list, no answer", () => expect(readList(app)).toBeNull());
