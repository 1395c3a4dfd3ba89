import { describe, expect, test } from "vitest";
import { readArgs, readCompat, readPort, UsageError } from "../../../generator/cli/args.ts";

const OPTIONS = { port: { type: "string" }, check: { type: "boolean" } } as const;
const read = (...words: string[]) => readArgs(words, OPTIONS, 1);

test("flags, texts and positionals, in any order", () => {
  const args = read("--check", "my-app", "--port=80", "--json");
  expect(args.positionals).toEqual(["my-app"]);
  expect([args.flag("check"), args.flag("json"), args.flag("strict")]).toEqual([true, true, false]);
  expect(args.text("port")).toBe("80");
  expect(args.text("compat")).toBeUndefined();
});

test("what follows -- is no option", () => expect(read("--", "--check").positionals).toEqual(["--check"]));

for (const [words, message] of [
  [["--nothing"], "Unknown option '--nothing'"],
  [["--port"], "Option '--port <value>' argument missing"],
  [["--check=1"], "Option '--check' does not take an argument"],
  [["a", "b"], "unexpected argument `b`"],
] as const)
  test(`${words.join(" ")} is refused in one sentence`, () => {
    expect(() => read(...words)).toThrow(UsageError);
    expect(() => read(...words)).toThrow(message);
  });

describe("values", () => {
  for (const [text, want] of [
    ["0.3", "0.3"],
    ["0.11", "0.11"],
    ["off", "off"],
  ] as const)
    test(`--compat ${text}`, () => expect(readCompat(read("--compat", text))).toBe(want));

  test("without --compat the app decides", () => expect(readCompat(read())).toBeNull());

  for (const text of ["0", "65536", "1.5", "http", ""])
    test(`--port ${JSON.stringify(text)} is refused`, () => {
      expect(() => readPort(read(`--port=${text}`))).toThrow("--port is 1 to 65535");
    });

  test("--port 8080", () => expect(readPort(read("--port", "8080"))).toBe(8080));
});
