import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { literal, stringLiteral } from "../../../generator/text/literal.ts";

for (const [given, want] of [
  ["plain", '"plain"'],
  ['a "quote"\n', '"a \\"quote\\"\\n"'],
  ["\u2028", '"\\u2028"'],
  ["</script>", '"<\\/script>"'],
  [-0, "-0"],
  [Number.NaN, "NaN"],
  [10n, "10n"],
  [undefined, "undefined"],
  [[1, null, true], "[1, null, true]"],
  [{}, "{}"],
  [{ a: 1, "b c": ["x"] }, '{ a: 1, "b c": ["x"] }'],
] as const)
  test(`${String(given)} is printed ${want}`, () => expect(literal(given)).toBe(want));

test("what has no literal is refused", () => {
  expect(() => literal(() => 1)).toThrow("function");
  expect(() => literal(new Map())).toThrow("class instance");
});

/** Own keys and values, `__proto__` included, which deep equality of the test runner would pass over. */
const evaluated = (text: string): unknown => JSON.parse(runInNewContext(`JSON.stringify((${text}))`) as string);

test("a literal evaluates to its value, hostile keys and strings included", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const wanted: unknown = JSON.parse(JSON.stringify(value));
      expect(JSON.stringify(evaluated(literal(value)))).toBe(JSON.stringify(wanted));
    }),
  );
  const hostile: unknown = JSON.parse('{"__proto__":{"admin":true},"constructor":1}');
  expect(JSON.stringify(evaluated(literal(hostile)))).toBe(JSON.stringify(hostile));
  // Control: quoting by hand is what goes wrong.
  expect(() => evaluated(`"${'a"b'}"`)).toThrow();
});

test("a string literal survives any UTF-16 text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(runInNewContext(stringLiteral(text))).toBe(text);
    }),
  );
});
