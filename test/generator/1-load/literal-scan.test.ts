import fc from "fast-check";
import { expect, test } from "vitest";
import { type Scanned, scanAt } from "../../../generator/1-load/literal-scan.ts";

const plain = (text: string, of: Scanned): unknown => {
  switch (of.kind) {
    case "string":
      return of.value;
    case "array":
      return of.items.map((item) => plain(text, item));
    case "object":
      return Object.fromEntries(of.entries.map(({ key, value }) => [key, plain(text, value)]));
    case "chain":
      return of.links.map(({ name, args }) => (args === null ? name : [name, ...args.map((arg) => plain(text, arg))]));
    case "other":
      return { source: text.slice(of.start, of.end) };
  }
};

/** A template with a template inside, of brackets that close nothing. */
const NESTED = "`$".concat("{[1, `}`].join(',')}`");

test.each<[string, unknown]>([
  ["{ a: 'x', \"b-c\": [`y`, 1 + 2,], }", { a: "x", "b-c": ["y", { source: "1 + 2" }] }],
  ["{ /* } */ a: 'x', // ]\n b: 'y' as const }", { a: "x", b: "y" }],
  ["f.g<{ a: () => void }>('x').h()", [...["f"], ["g", "x"], ["h"]]],
  [`[({ auth }) => auth.x === '])', ${NESTED}]`, [{ source: "({ auth }) => auth.x === '])'" }, { source: NESTED }]],
  [
    "{ ...rest(), short, run() { return ','; }, last: 'z' }",
    { short: { source: "short" }, run: { source: "run() { return ','; }" }, last: "z" },
  ],
  ["'a' + 'b', rest", { source: "'a' + 'b'" }],
  ["[a < b, c > d]", [{ source: "a < b" }, { source: "c > d" }]],
])("%s", (text, value) => {
  expect(plain(text, scanAt(text, 0))).toEqual(value);
});

test("JSON is read as JSON.parse reads it, and each character of a string is found in the source", () => {
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value, null, 1);
      expect(plain(text, scanAt(text, 0))).toEqual(JSON.parse(text));
    }),
  );
  const escaped = scanAt("'a\\n\\u{1F600}\\\nb'", 0);
  expect(escaped).toMatchObject({ kind: "string", value: "a\n😀b", offsets: [1, 2, 4, 4, 15, 16] });
});

test("whatever the text, reading ends", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."()[]{}<>'\"`$\\/*.,:;=a \n") }), (text) => void scanAt(text, 0)),
  );
});
