import fc from "fast-check";
import { expect, test } from "vitest";
import { compareText } from "../../../runtime-core/kernel/text.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "\u{ff5e}", "\u{fffd}", "😀", "𐀀"), maxLength: 4 });

test("compareText orders as UTF-8 bytes do", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test("control: the order of UTF-16 units is another one", () => {
  expect("😀" < "\u{ff5e}").toBe(true);
  expect(compareText("😀", "\u{ff5e}")).toBeGreaterThan(0);
});
