import { expect, test } from "vitest";
import { hasWords } from "../../../runtime-core/sql/words.ts";

test.each([
  ["milk", ["buy milk"], true],
  ["MILK buy", ["buy milk"], true],
  ["mil", ["buy milk"], false],
  ["milk bread", ["milk", "bread"], true],
  ["milk bread", ["milk", null], false],
  ["cafe", ["Café Ole"], true],
  ["%", ["100%"], false],
  ["' OR 1", ["or 1"], true],
  ["", ["x"], false],
] as const)("%s in %j is %s", (query, texts, found) => {
  expect(hasWords(query, texts)).toBe(found);
});
