import { expect, test } from "vitest";
import {
  pylonAtMost,
  pylonEqual,
  pylonJson,
  pylonLess,
  pylonNum,
  pylonTruthy,
  SQL_FUNCTIONS,
} from "../../../runtime-core/sql/coerce.ts";

test.each([
  ["1e3", 1000],
  ["+5", 5],
  [".5", 0.5],
  ["5.", 5],
  [" \u{a0}5\u{85}\n", 5],
  ["inf", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["1e400", Number.POSITIVE_INFINITY],
  ["1e-400", 0],
  ["nan", null],
  ["", null],
  [".", null],
  ["0x10", null],
  ["1_000", null],
  ["\u{feff}5", null],
  ["5 5", null],
  [true, null],
  [null, null],
  [7, 7],
])("pylonNum(%j) is %j", (value, number) => expect(pylonNum(value)).toBe(number));

test("loose comparisons", () => {
  expect(pylonEqual("01", 1)).toBe(true);
  expect(pylonEqual("01", "1")).toBe(false);
  expect(pylonEqual(true, 1)).toBe(false);
  expect(pylonEqual(null, null)).toBe(true);
  expect(pylonLess("2", "10")).toBe(false);
  expect(pylonLess("2", 10)).toBe(true);
  expect(pylonLess("x", 10)).toBe(false);
  expect(pylonAtMost("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00")).toBe(true);
  expect(pylonAtMost(null, null)).toBe(false);
  expect(pylonTruthy("false")).toBe(true);
});

test("paths of JSON go by own keys", () => {
  expect(pylonJson({ a: { b: 1 } }, "a.b")).toBe(1);
  expect(pylonJson({ a: [1] }, "a.0")).toBeNull();
  expect(pylonJson({}, "__proto__.x")).toBeNull();
  expect(pylonJson({ a: {} }, "a")).toBeNull();
  expect(pylonJson("x", "")).toBe("x");
});

test('the functions of SQL keep 1, "1" and true apart', () => {
  const call = (name: string, ...args: (string | number | null)[]) =>
    SQL_FUNCTIONS.find((each) => each.name === name)?.fn(...args);
  const json = '{"n":1,"s":"1","t":true,"z":null}';
  expect(["n", "s", "t", "z", "x"].map((path) => call("pylon_json", json, path))).toEqual([
    "1",
    '"1"',
    "true",
    null,
    null,
  ]);
  expect(call("pylon_equal", "1", '"1"')).toBe(1);
  expect(call("pylon_equal", "1", "true")).toBe(0);
  expect(call("pylon_equal", null, null)).toBe(1);
  expect(call("pylon_less", "1", '"2"')).toBe(1);
  expect(call("pylon_truthy", '""')).toBe(0);
  expect(call("pylon_scalar", 0.30000000000000004)).toBe("0.30000000000000004");
});
