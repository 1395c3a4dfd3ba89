import { expect, test } from "vitest";
import { countAttempts } from "../../../../runtime-core/features/auth/attempts.ts";

test("memory is bounded, and the oldest window gives way first", () => {
  let ms = 0;
  const clock = { now: () => 0, monotonic: () => ms };
  const attempt = countAttempts(clock, "attempts", 1, 60);
  attempt("first");
  expect(() => attempt("first")).toThrow("Too many attempts");
  for (let n = 0; n < 20_001; n += 1) attempt(`key ${n}`);
  expect(() => attempt("first")).not.toThrow();
  expect(() => attempt("key 20000")).toThrow("Too many attempts");
  ms = 59_999;
  expect(() => attempt("key 20000")).toThrow(expect.objectContaining({ retryAfterSecs: 1 }));
  ms = 60_000;
  expect(() => attempt("key 20000")).not.toThrow();
});
