import fc from "fast-check";
import { expect, test } from "vitest";
import { PylonError } from "../../../runtime-core/kernel/errors.ts";
import { parseJson } from "../../../runtime-core/protocol/json.ts";

test("what it takes is what JSON.parse takes, on any text", () => {
  const text = fc.oneof(fc.json(), fc.string(), fc.string({ unit: fc.constantFrom(...'[]{}",:\\u0 a1') }));
  fc.assert(
    fc.property(text, (given) => {
      let wanted: unknown;
      try {
        wanted = JSON.parse(given);
      } catch {
        expect(() => parseJson(given, 64)).toThrow(PylonError);
        return;
      }
      if (given.includes("__proto__")) return;
      expect(parseJson(given, 1000)).toEqual(wanted);
    }),
    { numRuns: 2_000 },
  );
});

test("depth counts brackets outside strings only", () => {
  expect(parseJson(`${"[".repeat(64)}${"]".repeat(64)}`, 64)).toBeTruthy();
  expect(() => parseJson(`${"[".repeat(65)}${"]".repeat(65)}`, 64)).toThrow("deeper than 64");
  expect(() => parseJson("[".repeat(1_000_000), 64)).toThrow(PylonError);
  expect(parseJson('["[[[[\\"[[[[","\\\\",[]]', 2)).toEqual(['[[[["[[[[', "\\", []]);
  expect(() => parseJson('["\\\\",[[]]]', 2)).toThrow("deeper than 2");
});

test("__proto__ is refused as a key in any spelling, and harmless as a value", () => {
  for (const text of [
    '{"__proto__":1}',
    '{"a":[{"__proto__":{}}]}',
    '{"\\u005f\\u005fproto__":1}',
    '{"_\\u005Fproto__":1}',
  ])
    expect(() => parseJson(text, 64)).toThrow("__proto__");
  expect(parseJson('{"a":"__proto__","constructor":1}', 64)).toEqual({ a: "__proto__", constructor: 1 });
});
