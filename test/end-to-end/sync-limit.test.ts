import { expect, test } from "vitest";
import { ADMIN_TOKEN, api } from "../support/client.ts";
import { buildApp, startServer } from "../support/server.ts";

const APP = `import { app, entity, field, policy } from "pylon";
const Notice = entity("Notice", { text: field.string() }, { sync: { limit: 7 } });
export default app({ name: "limited", entities: [Notice], policies: [policy({ entity: Notice, allow: "true" })] });
`;

interface Pull {
  readonly changes: readonly { readonly row_id: string }[];
  readonly has_more: boolean;
  readonly snapshot_after: string | null;
}

test("R-SCOPE: a snapshot holds at most sync.limit rows, over all of its pages; lists hold them all", async () => {
  const { dist } = await buildApp({ "app.ts": APP });
  const server = await startServer({ dist }, { PYLON_PULL_MAX_ROWS: "3" });
  const admin = api(server.url, ADMIN_TOKEN);
  for (let n = 0; n < 12; n++) await admin.post("/api/entities/Notice", { text: `n${n}` });
  const ids: string[] = [];
  let query = "since=0&snapshot=1";
  for (let pages = 0; pages < 10; pages++) {
    const { json } = await admin.get<Pull>(`/api/sync/pull?${query}`);
    ids.push(...json.changes.map((change) => change.row_id));
    if (!json.has_more) break;
    query = `since=0&snapshot_after=${json.snapshot_after}`;
  }
  expect([ids.length, new Set(ids).size]).toEqual([7, 7]);
  expect((await admin.get<Pull>("/api/sync/pull?since=0")).json.changes).toHaveLength(7);
  expect((await admin.get<{ count: number }>("/api/entities/Notice")).json.count).toBe(12);
});
