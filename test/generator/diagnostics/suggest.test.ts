import { expect, test } from "vitest";
import { didYouMean, editDistance, suggest } from "../../../generator/diagnostics/suggest.ts";

const distances: [string, string, number][] = [
  ["", "abc", 3],
  ["user", "user", 0],
  ["usr", "user", 1],
  ["uesr", "user", 1],
  ["kitten", "sitting", 3],
];
for (const [a, b, want] of distances)
  test(`${a} to ${b} is ${want}`, () => {
    expect(editDistance(a, b)).toBe(want);
    expect(editDistance(b, a)).toBe(want);
  });

test("finds the nearest, in any case, and nothing that is far", () => {
  expect(suggest("Usr", ["Todo", "User", "UserTeam"])).toBe("User");
  expect(suggest("ownerid", ["userId", "ownerId"])).toBe("ownerId");
  expect(suggest("x", ["id", "y"])).toBe(null);
  expect(suggest("banana", ["title", "done"])).toBe(null);
  expect(didYouMean("Usr", ["User"])).toBe("did you mean `User`?");
  expect(didYouMean("zzzz", ["User"])).toBe(undefined);
});
