import { expect, test } from "vitest";
import { readLimits } from "../../../runtime-core/kernel/limits.ts";

test.each(["0", "-1", "1.5", "many"])("a limit of %s stops the start", (text) => {
  expect(() => readLimits({ PYLON_SCAN_MS: text }, false)).toThrow("PYLON_SCAN_MS must be a whole number");
});
