import { expect, test } from "vitest";
import { extraPorts, readCompat, unreadable } from "../../../../runtime-core/features/compat/compat.ts";

test.each([
  [[], "0.11", "0.11"],
  [["--compat", "off"], "0.11", "off"],
  [["serve", "--compat=0.3"], "off", "0.3"],
] as const)("%j over an app that says %s is %s", (argv, app, mode) => {
  expect(readCompat(argv, app)).toBe(mode);
});

test.each([[["--compat"]], [["--compat="]], [["--compat", "0.4"]]])("%j is refused", (argv) => {
  expect(() => readCompat(argv, "off")).toThrow("--compat takes 0.3, 0.11 or off");
});

test("the extra listeners are those of the original, in compatibility mode alone", () => {
  expect(extraPorts("0.11", 4321)).toEqual({ socket: 4322, events: 4323 });
  expect(extraPorts("0.3", 4321)).toEqual({ socket: 4322, events: 4323 });
  expect(extraPorts("off", 4321)).toBeNull();
  expect(extraPorts("0.11", 0)).toBeNull();
});

test("a row that may not be read looks missing, except in compatibility mode", () => {
  expect(unreadable("off", "Todo", "x")).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect(unreadable("0.11", "Todo", "x")).toMatchObject({ status: 403, code: "POLICY_DENIED" });
});
