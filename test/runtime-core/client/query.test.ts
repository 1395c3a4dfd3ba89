import { describe, expect, test } from "vitest";
import { compileQuery, type Query } from "../../../runtime-core/client/query.ts";

const rows = [
  { id: "1", name: "Ada", n: 3, done: true, at: "2024-01-01T00:00:00Z", note: null },
  { id: "2", name: "bob", n: null, done: false, at: "2024-01-01T00:00:00.500Z", note: "100%" },
  { id: "3", name: "Ålund", n: 10, done: false, at: "2023-06-01T12:00:00Z", note: "ada_" },
  { id: "4", name: "\u{1F600}", n: 2, done: true, at: "2024-02-01T00:00:00Z", note: null },
  { id: "5", name: "\uFF5E", n: 2, done: true, at: "2024-03-01T00:00:00Z", note: null },
];

const select = (query: Query) =>
  compileQuery<(typeof rows)[number]>(query, ["at"])([...rows].reverse())
    .map((row) => row.id)
    .join("");

describe("where", () => {
  const cases: [object, string][] = [
    [{}, "12345"],
    [{ name: "Ada" }, "1"],
    [{ name: undefined }, "12345"],
    [{ done: false }, "23"],
    [{ n: { $gt: 2 } }, "13"],
    [{ n: { $gte: 2, $lt: 10 } }, "145"],
    [{ n: { $not: 2 } }, "13"],
    [{ n: { $in: [3, 10] } }, "13"],
    [{ n: { $in: [] } }, ""],
    [{ n: null }, ""],
    [{ note: { $not: "x" } }, "23"],
    [{ name: { $like: "ADA" } }, "1"],
    [{ name: { $like: "å" } }, ""],
    [{ note: { $like: "%" } }, "2"],
    [{ note: { $like: "_" } }, "3"],
    [{ name: { $gt: "\uFF5E" } }, "4"],
    [{ at: { $gt: "2024-01-01T00:00:00Z" } }, "245"],
    [{ at: { $lte: "2024-01-01T01:00:00.500+01:00" } }, "123"],
    [{ at: "2024-01-01T01:00:00+01:00" }, "1"],
    [{ done: true, n: 2 }, "45"],
    [{ missing: "x" }, ""],
  ];
  test.each(cases)("%j", (where, ids) => expect(select({ where })).toBe(ids));

  test("an operator that nobody knows is refused, not ignored", () => {
    expect(() => select({ where: { n: { $ne: 2 } } })).toThrow(expect.objectContaining({ code: "INVALID_QUERY" }));
  });
});

describe("orderBy and limit", () => {
  const cases: [Query, string][] = [
    [{ orderBy: { n: "asc" } }, "45132"],
    [{ orderBy: { n: "desc" } }, "23145"],
    [{ orderBy: { name: "asc" } }, "12354"],
    [{ orderBy: { at: "asc" } }, "31245"],
    [{ orderBy: { done: "desc", n: "asc" } }, "45132"],
    [{ orderBy: { id: "desc" }, limit: 2 }, "54"],
    [{ limit: 0 }, ""],
  ];
  test.each(cases)("%j", (query, ids) => expect(select(query)).toBe(ids));
});
