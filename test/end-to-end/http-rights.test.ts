/** Who may read and write which rows over the entity routes, in both modes (http 1.8, realtime R-TEN). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insert, MODES, order, type Planboard, signedIn, startPlanboard } from "../support/planboard.ts";

const refusal = (status: number, code: string) => ({ status, json: { error: { code, message: expect.any(String) } } });

interface Page {
  readonly data: readonly { readonly id: string; readonly [column: string]: unknown }[];
  readonly count: number;
}

describe.each(MODES)("%s mode", (mode) => {
  let app: Planboard;
  /** What a row answers that may not be read: the original tells that it is there. */
  const unreadable = mode === "default" ? refusal(404, "NOT_FOUND") : refusal(403, "POLICY_DENIED");

  beforeAll(async () => {
    app = await startPlanboard(mode);
  });
  afterAll(async () => {
    expect(await app.server.stop()).toBe(0);
  });

  test("owner rows: read, changed and deleted by their owner, and never handed away", async () => {
    const id = await insert(app.ann, "Order", order(app.ann.userId));
    const path = `/api/entities/Order/${id}`;
    expect(await app.bob.post("/api/entities/Order", order(app.ann.userId))).toMatchObject(
      refusal(403, "POLICY_DENIED"),
    );
    expect(await app.ann.post("/api/entities/Order", order(app.ann.userId, { quantity: 0 }))).toMatchObject(
      refusal(403, "POLICY_DENIED"),
    );
    expect(await app.bob.get(path)).toMatchObject(unreadable);
    for (const by of [app.bob, app.anyone]) {
      expect(await by.patch(path, { quantity: 9 })).toMatchObject(unreadable);
      expect(await by.delete(path)).toMatchObject(unreadable);
      expect((await by.get<Page>("/api/entities/Order")).json.count).toBe(0);
    }
    expect(await app.ann.patch(path, { buyerId: app.bob.userId })).toMatchObject(refusal(403, "POLICY_DENIED"));
    expect((await app.ann.patch(path, { status: "paid" })).status).toBe(200);
    expect(await app.ann.patch(path, { quantity: 2 })).toMatchObject(refusal(403, "POLICY_DENIED"));
    expect(await app.ann.delete(path)).toMatchObject(refusal(403, "POLICY_DENIED"));
  });

  test(".owner() stamps the caller: another's id and nobody's are refused", async () => {
    const id = await insert(app.ann, "Notification", { text: "hello" });
    expect((await app.ann.get(`/api/entities/Notification/${id}`)).json).toMatchObject({
      userId: app.ann.userId,
      seen: false,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: null,
    });
    const post = (by: typeof app.anyone, row: object) => by.post("/api/entities/Notification", row);
    expect(await post(app.ann, { text: "x", userId: app.bob.userId })).toMatchObject(refusal(403, "OWNER_MISMATCH"));
    expect(await post(app.anyone, { text: "x" })).toMatchObject(refusal(401, "OWNER_REQUIRED"));
    expect((await app.bob.get<Page>("/api/entities/Notification")).json.count).toBe(0);
  });

  test("R-TEN: rows of a tenant are stamped, and closed to the other tenant", async () => {
    const id = await insert(app.ann, "Project", { name: "P", key: "R-TEN" });
    const path = `/api/entities/Project/${id}`;
    expect((await app.bob.get(path)).json).toMatchObject({ tenantId: app.orgs.first, archived: false });
    const none = await signedIn(app.admin, "nobody-yet");
    const post = (by: typeof app.anyone, row: object) => by.post("/api/entities/Project", { name: "P", ...row });
    expect(await post(none, { key: "a" })).toMatchObject(refusal(403, "TENANT_REQUIRED"));
    expect(await post(app.ann, { key: "a", tenantId: app.orgs.second })).toMatchObject(
      refusal(403, "CROSS_TENANT_INSERT"),
    );
    expect(await post(app.bob, { key: "a" })).toMatchObject(refusal(403, "POLICY_DENIED"));
    expect(await post(app.ann, { key: "R-TEN" })).toMatchObject(refusal(409, "INSERT_FAILED"));
    expect((await post(app.cid, { key: "R-TEN" })).status).toBe(201);
    expect(await app.cid.get(path)).toMatchObject(unreadable);
    for (const answer of [await app.cid.patch(path, { name: "x" }), await app.cid.delete(path)])
      expect(answer.status).toBe(mode === "default" ? 404 : 403);
    expect((await app.ann.patch(path, { tenantId: app.orgs.second })).status).toBe(403);
    expect((await app.ann.get<Page>("/api/entities/Project")).json.data.map((row) => row.tenantId)).not.toContain(
      app.orgs.second,
    );
  });

  test("exists rules open a row to those who are in the other table", async () => {
    expect((await app.bob.get<Page>("/api/entities/Organization")).json.data).toMatchObject([{ id: app.orgs.first }]);
    const projectId = await insert(app.ann, "Project", { name: "P", key: "exists" });
    const id = await insert(app.ann, "StatusUpdate", { projectId, text: "news", published: true });
    const read = () => app.cid.get(`/api/entities/StatusUpdate/${id}`);
    expect(await read()).toMatchObject(unreadable);
    await insert(app.admin, "Guest", { projectId, userId: app.cid.userId });
    expect((await read()).status).toBe(200);
    await app.ann.patch(`/api/entities/StatusUpdate/${id}`, { published: false });
    expect(await read()).toMatchObject(unreadable);
  });
});
