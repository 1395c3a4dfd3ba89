import { expect, test } from "vitest";
import { StatementCache } from "../../../../runtime-core/storage/sqlite/statements.ts";

test("each text is prepared once while it is in use, and the number kept is bounded", () => {
  const prepared: string[] = [];
  const cache = new StatementCache(10, (sql) => {
    prepared.push(sql);
    return { sql };
  });
  for (let n = 0; n < 100; n++) {
    expect(cache.get("hot").sql).toBe("hot");
    expect(cache.get(`cold ${n}`).sql).toBe(`cold ${n}`);
    expect(cache.size).toBeLessThanOrEqual(10);
  }
  expect(prepared.filter((sql) => sql === "hot")).toHaveLength(1);
  expect(prepared).toHaveLength(101);
});
