import { expect, test } from "vitest";
import type { App } from "../../../runtime-core/contract/app.ts";
import { listPage, readList, readRows } from "../../../runtime-core/contract/reading.ts";
import { readLimits } from "../../../runtime-core/kernel/limits.ts";
import type { SqlConnection } from "../../../runtime-core/storage/ports.ts";

/** A table of `size` rows that notes who was asked for them. */
function table(size: number) {
  const asked: string[] = [];
  const connection = (name: string): SqlConnection => {
    const found = (args: readonly unknown[]) => {
      asked.push(name);
      const [limit, offset] = args as readonly number[];
      return Math.max(0, Math.min(limit ?? 0, size - (offset ?? 0)));
    };
    return {
      get: async <T>(_sql: string, args: readonly unknown[]) => ({ data: "[]", count: found(args) }) as T,
      all: async <T>(_sql: string, args: readonly unknown[]) => Array.from({ length: found(args) }, () => ({})) as T[],
      run: () => Promise.reject(new Error("a list writes nothing")),
      text: () => Promise.reject(new Error("a list reads rows")),
    };
  };
  const [read, scan] = [connection("inline"), connection("thread")];
  return { asked, read, app: { db: { read, scan } } as unknown as App };
}

test.each([
  ["limit=100", ["inline"]],
  ["limit=100&offset=500", ["inline"]],
  ["limit=100&offset=50000", ["thread"]],
  ["limit=5000", ["inline", "thread"]],
])("a list of 60,000 rows with %s is read by %j (D10)", async (search, connections) => {
  const { app, read, asked } = table(60_000);
  await readList(app, read, listPage(search, readLimits({}, false)), "SELECT", []);
  expect(asked).toEqual(connections);
});

test("rows that JavaScript prints: a far offset or a long list goes to a thread", async () => {
  for (const [search, connection] of [
    ["limit=100", "inline"],
    ["limit=10&offset=50000", "thread"],
    ["limit=5000", "thread"],
  ] as const) {
    const { app, read, asked } = table(60_000);
    await readRows(app, read, listPage(search, readLimits({}, false)), "SELECT", [], () => "{}");
    expect(asked).toEqual([connection]);
  }
});
