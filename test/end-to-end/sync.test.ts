/** Pull and push on the wire, in both modes (http 7.1 and 7.2, realtime 8 and 9). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, api } from "../support/client.ts";
import { insert, MODES, order, type Planboard, product, signedIn, startPlanboard } from "../support/planboard.ts";
import { buildApp, startServer } from "../support/server.ts";

const ID = /^[0-9a-f]{40}$/;
const refusal = (status: number, code: string) => ({ status, json: { error: { code, message: expect.any(String) } } });

interface Change {
  readonly seq: number;
  readonly entity: string;
  readonly row_id: string;
  readonly kind: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly timestamp: string;
}
interface Pulled {
  readonly changes: readonly Change[];
  readonly cursor: { readonly last_seq: number };
  readonly has_more: boolean;
  readonly snapshot_after?: string | null;
}
interface Result {
  readonly row_id: string;
  readonly status: string;
  readonly seq?: number;
  readonly error?: { readonly code: string };
}
interface Pushed {
  readonly applied: number;
  readonly deduped: number;
  readonly errors: readonly string[];
  readonly cursor: { readonly last_seq: number };
  readonly results: readonly Result[];
}

const pull = async (by: Api, query: string) => (await by.get<Pulled>(`/api/sync/pull${query}`)).json;
const push = (by: Api, changes: readonly object[], clientId = "c1") =>
  by.post<Pushed>("/api/sync/push", { changes, client_id: clientId });
const note = (text: unknown, more: object = {}) => ({
  entity: "Notification",
  row_id: "_pending_1",
  kind: "insert",
  data: { text },
  ...more,
});

describe.each(MODES)("%s mode", (mode) => {
  let app: Planboard;
  beforeAll(async () => {
    app = await startPlanboard(mode, { PYLON_PULL_MAX_ROWS: "4" });
    for (let at = 0; at < 9; at++) await insert(app.admin, "Product", product({ listed: at !== 2 }));
    await insert(app.ann, "Order", order(app.ann.userId));
  });
  afterAll(async () => {
    expect(await app.server.stop()).toBe(0);
  });

  test("since=0 is a snapshot of the rows in sight, whole for a caller that cannot page", async () => {
    for (const query of ["", "?since=0", "?since=-1", "?since=x"]) {
      const { changes, cursor, has_more } = await pull(app.anyone, query);
      expect(changes.map(({ entity }) => entity)).toEqual(Array(8).fill("Product"));
      for (const change of changes)
        expect(change).toMatchObject({
          kind: "insert",
          seq: cursor.last_seq,
          timestamp: "",
          data: { id: change.row_id },
        });
      expect(has_more).toBe(false);
    }
    const entities = (await pull(app.ann, "?since=0")).changes.map(({ entity }) => entity);
    expect(entities).toContain("Order");
    expect(entities).not.toContain("AuditLog");
    expect((await pull(app.bob, "?since=0")).changes.map(({ entity }) => entity)).not.toContain("Order");
  });

  test("a snapshot is paged by its token, sent back verbatim; a delta from its cursor covers what was written meanwhile", async () => {
    const first = await pull(app.anyone, "?since=0&snapshot=1");
    expect(first).toMatchObject({ has_more: true, cursor: { last_seq: 0 }, snapshot_after: expect.any(String) });
    const late = await insert(app.admin, "Product", product());
    const seen = new Map(first.changes.map(({ row_id, seq }) => [row_id, seq]));
    let page = first;
    while (page.has_more) {
      page = await pull(app.anyone, `?since=0&snapshot_after=${page.snapshot_after}`);
      for (const { row_id, seq } of page.changes) seen.set(row_id, seq);
    }
    expect(page.snapshot_after).toBeNull();
    expect(new Set(seen.values())).toEqual(new Set([page.cursor.last_seq]));
    for (const { row_id } of (await pull(app.anyone, `?since=${page.cursor.last_seq}`)).changes) seen.set(row_id, 0);
    expect(seen.size).toBe(9);
    expect(seen.has(late)).toBe(true);
    expect(await app.anyone.get("/api/sync/pull?since=0&snapshot_after=zzz")).toMatchObject(
      refusal(400, "SNAPSHOT_CURSOR_INVALID"),
    );
  });

  test("a delta: in order, in sight, with times; the cursor passes hidden events; a real delete has no data", async () => {
    const head = (await pull(app.anyone, "?since=0")).cursor.last_seq;
    const id = await insert(app.admin, "Product", product());
    await insert(app.ann, "Notification", { text: "not yours" });
    await app.admin.patch(`/api/entities/Product/${id}`, { stock: 9 });
    const gone = await insert(app.admin, "Product", product());
    await app.admin.delete(`/api/entities/Product/${gone}`);
    await insert(app.ann, "Notification", { text: "not yours" });
    const changes: Change[] = [];
    for (let since = head, more = true; more; ) {
      const page = await pull(app.anyone, `?since=${since}`);
      changes.push(...page.changes);
      [since, more] = [page.cursor.last_seq, page.has_more];
      expect(since).toBeLessThanOrEqual(head + 6);
    }
    const time = { timestamp: expect.stringMatching(/^\d{10}Z$/) };
    expect(changes).toEqual([
      {
        seq: head + 1,
        entity: "Product",
        row_id: id,
        kind: "insert",
        data: expect.objectContaining({ stock: 3 }),
        ...time,
      },
      {
        seq: head + 3,
        entity: "Product",
        row_id: id,
        kind: "update",
        data: expect.objectContaining({ stock: 9 }),
        ...time,
      },
      { seq: head + 4, entity: "Product", row_id: gone, kind: "insert", data: expect.anything(), ...time },
      { seq: head + 5, entity: "Product", row_id: gone, kind: "delete", ...time },
    ]);
    expect(await pull(app.anyone, `?since=${head + 6}`)).toEqual({
      changes: [],
      cursor: { last_seq: head + 6 },
      has_more: false,
    });
  });

  test("a row that left the caller's sight is a delete with its id alone, one that came into it is whole", async () => {
    const id = await insert(app.admin, "Product", product({ title: "canary", listed: false }));
    const { last_seq: head } = (await pull(app.anyone, "?since=0")).cursor;
    await app.admin.patch(`/api/entities/Product/${id}`, { listed: true, title: "shown" });
    await app.admin.patch(`/api/entities/Product/${id}`, { listed: false, title: "canary" });
    const { changes } = await pull(app.anyone, `?since=${head}`);
    expect(changes).toMatchObject([
      { kind: "update", row_id: id, data: { id, title: "shown", price: 12.5 } },
      { kind: "delete", row_id: id, data: { id } },
    ]);
    expect(JSON.stringify(changes)).not.toContain("canary");
  });

  test("410 RESYNC_REQUIRED for a cursor beyond the end, with the oldest that is kept", async () => {
    expect(await app.anyone.get("/api/sync/pull?since=999999")).toMatchObject({
      status: 410,
      json: { error: { code: "RESYNC_REQUIRED", oldest_seq: expect.any(Number) } },
    });
  });

  test("push: one by one in order, a status for each, and 200 also when changes fail", async () => {
    const own = "a".repeat(39) + (mode === "default" ? "0" : "1");
    const stored = await insert(app.ann, "Notification", { text: "stored" });
    const { status, json } = await push(app.ann, [
      note("made", { op_id: "mixed-1" }),
      note("own id", { data: { text: "own id", id: own } }),
      note("x", { kind: "update", row_id: "f".repeat(40) }),
      note("x", { entity: "Nope" }),
      { entity: "Product", row_id: "p", kind: "insert", data: product() },
      note("x", { data: { nope: 1 } }),
      { entity: "Notification", row_id: "y", kind: "insert" },
      note(5),
      note("x", { data: {} }),
      { entity: "Notification", row_id: stored, kind: "delete" },
      { entity: "Notification", row_id: stored, kind: "delete" },
      note("back", { kind: "update", row_id: stored }),
    ]);
    expect(status).toBe(200);
    expect(json.results.map((result) => result.error?.code ?? result.status)).toEqual([
      "applied",
      "applied",
      "NOT_FOUND",
      "POLICY_DENIED",
      "POLICY_DENIED",
      "INVALID_COLUMN",
      "INSERT_FAILED",
      "CRDT_APPLY_FAILED",
      "INSERT_FAILED",
      "applied",
      "NOT_FOUND",
      "NOT_FOUND",
    ]);
    expect(json).toMatchObject({ applied: 3, deduped: 0, cursor: { last_seq: json.results[9]?.seq } });
    expect(json.errors).toHaveLength(9);
    expect(json.errors[0]).toMatch(/^update Notification\/f+: /);
    expect(json.results[0]).toEqual({
      entity: "Notification",
      kind: "insert",
      op_id: "mixed-1",
      row_id: expect.stringMatching(ID),
      seq: expect.any(Number),
      status: "applied",
    });
    expect(json.results[1]).toMatchObject({ row_id: own, op_id: null });
    expect(JSON.stringify(json)).not.toContain("auth.userId");
  });

  test("push of a wrong shape is 400 INVALID_JSON for all", async () => {
    for (const body of ["{", "[]", {}, { changes: 5 }, { changes: [5] }, { changes: [note("x", { kind: "zap" })] }])
      expect(await app.ann.post("/api/sync/push", body)).toMatchObject(refusal(400, "INVALID_JSON"));
    expect((await push(app.ann, [])).json).toMatchObject({ applied: 0, results: [], errors: [] });
  });

  test("op_id: a replay gives the real row id and writes nothing; another body is OP_ID_REUSED; a failure may be tried again", async () => {
    const change = note("once", { op_id: `replay-${mode}` });
    const first = (await push(app.ann, [change])).json.results[0];
    const again = (await push(app.ann, [change])).json;
    expect(again).toMatchObject({ applied: 0, deduped: 1, errors: [] });
    expect(again.results[0]).toMatchObject({ status: "replayed", row_id: first?.row_id, seq: first?.seq });
    const other = (await push(app.ann, [note("else", { op_id: `replay-${mode}` })])).json;
    expect(other.results[0]).toMatchObject({ status: "error", error: { code: "OP_ID_REUSED" } });
    expect((await push(app.bob, [change], "c2")).json.results[0]).toMatchObject({ status: "applied" });
    expect((await push(app.ann, [note(5, { op_id: "failed" })])).json.results[0]?.status).toBe("error");
    expect((await push(app.ann, [note("right", { op_id: "failed" })])).json.results[0]?.status).toBe("applied");
  });

  test("anonymous callers may try, each change under its rule", async () => {
    expect((await push(app.anyone, [note("x")])).json).toMatchObject({
      applied: 0,
      results: [{ status: "error", error: { code: "OWNER_REQUIRED" } }],
    });
  });

  test("a user who joins a tenant pulls its rows from the start", async () => {
    await insert(app.ann, "Label", { name: "bug", color: "red" });
    const dee = await signedIn(app.admin, "dee");
    const labels = async () => (await pull(dee, "?since=0")).changes.filter(({ entity }) => entity === "Label").length;
    expect(await labels()).toBe(0);
    await insert(app.admin, "OrgMember", { userId: dee.userId, orgId: app.orgs.first, role: "member" });
    await dee.post("/api/auth/select-org", { orgId: app.orgs.first });
    expect(await labels()).toBe(1);
  });
});

test("numbers go on after a restart, cursors stay good and operation ids are remembered", async () => {
  const files = {
    "app.ts": `import { app, entity, field, policy } from "pylon";
      const Line = entity("Line", { text: field.string() });
      export default app({ name: "lines", entities: [Line], policies: [policy({ entity: Line, allow: "true" })] });`,
  };
  const built = await buildApp(files);
  const first = await startServer(built);
  const env = { PYLON_DB_PATH: first.dbPath };
  const change = { entity: "Line", row_id: "_1", kind: "insert", data: { text: "a" }, op_id: "line-1" };
  const made = (await push(api(first.url), [change])).json.results[0];
  await first.stop();
  const second = await startServer(built, env);
  const again = (await push(api(second.url), [change])).json.results[0];
  expect(again).toMatchObject({ status: "replayed", row_id: made?.row_id, seq: made?.seq });
  await insert(api(second.url), "Line", { text: "b" });
  expect((await pull(api(second.url), `?since=${made?.seq}`)).changes).toMatchObject([{ seq: (made?.seq ?? 0) + 1 }]);
  await second.stop();
});
