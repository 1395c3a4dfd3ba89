/** The entity routes on the wire, in both modes: lists, pages, writes, repeated requests (http 1.7 and 3). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insert, MODES, type Planboard, product, startPlanboard } from "../support/planboard.ts";

const ID = /^[0-9a-f]{40}$/;
const refusal = (status: number, code: string) => ({ status, json: { error: { code, message: expect.any(String) } } });
const NO_ROW = "f".repeat(40);

interface Page {
  readonly data: readonly { readonly id: string; readonly [column: string]: unknown }[];
  readonly count: number;
  readonly limit: number | null;
  readonly offset: number;
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

describe.each(MODES)("%s mode", (mode) => {
  let app: Planboard;
  let shown: readonly string[];
  let unlisted: string;
  /** What a row answers that may not be read: the original tells that it is there. */
  const unreadable = mode === "default" ? refusal(404, "NOT_FOUND") : refusal(403, "POLICY_DENIED");

  beforeAll(async () => {
    app = await startPlanboard(mode);
    const ids: string[] = [];
    for (let at = 0; at < 7; at++)
      ids.push(await insert(app.admin, "Product", product({ title: `Lamp ${at}`, stock: 7 - at, listed: at !== 3 })));
    unlisted = ids[3] ?? "";
    shown = ids.filter((id) => id !== unlisted);
  });
  afterAll(async () => {
    expect(await app.server.stop()).toBe(0);
  });

  const list = async (query: string, by = app.anyone) => (await by.get<Page>(`/api/entities/Product${query}`)).json;
  const idsOf = (page: Page) => page.data.map(({ id }) => id);

  test("H-ENT-LIST: the read rule applies before limit, offset, count and sort; order is by id", async () => {
    const all = await list("");
    expect({ ...all, data: idsOf(all) }).toEqual({ data: shown, count: 6, limit: null, offset: 0 });
    const some = await list("?limit=2&offset=2");
    expect({ ...some, data: idsOf(some) }).toEqual({ data: shown.slice(2, 4), count: 2, limit: 2, offset: 2 });
    expect(await list("?limit=0")).toMatchObject({ data: [], count: 0, limit: 0 });
    expect(idsOf(await list("?sort=stock"))).toEqual([...shown].reverse());
    expect(idsOf(await list("?sort=stock&order=desc&limit=2"))).toEqual(shown.slice(0, 2));
    expect(idsOf(await list("?no_such=1"))).toEqual(shown);
    expect((await list("", app.admin)).count).toBe(7);
    expect(idsOf(await list("?q=Lamp"))).toEqual(shown);
  });

  test("bad parameters are told: a sort that is no shown column, a limit or offset that is no count", async () => {
    expect(await app.anyone.get("/api/entities/Product?sort=nope")).toMatchObject(refusal(400, "INVALID_COLUMN"));
    for (const column of ["passwordHash", "phone"])
      expect(await app.ann.get(`/api/entities/User?sort=${column}`)).toMatchObject(refusal(400, "INVALID_COLUMN"));
    for (const query of ["limit=-1", "limit=x", "limit=1.5", "offset=-1", "offset=x"])
      expect((await app.anyone.get(`/api/entities/Product?${query}`)).status).toBe(400);
  });

  test("H-ENT-CURSOR: pages by id, 20 at first and at most 100", async () => {
    const page = async (query: string, by = app.anyone) =>
      (await by.get<Page>(`/api/entities/Product/cursor${query}`)).json;
    const first = await page("?limit=4");
    expect({ ...first, data: idsOf(first) }).toEqual({
      data: shown.slice(0, 4),
      next_cursor: shown[3],
      has_more: true,
    });
    const last = await page(`?limit=4&after=${shown[3]}`);
    expect({ ...last, data: idsOf(last) }).toEqual({ data: shown.slice(4), next_cursor: shown[5], has_more: false });
    expect((await page("", app.admin)).data).toHaveLength(7);
    expect((await page("?limit=1000", app.admin)).data).toHaveLength(7);
  });

  test("H-ENT-GET: a row, one that is not there, one that may not be read", async () => {
    const { status, json } = await app.anyone.get(`/api/entities/Product/${shown[0]}`);
    expect({ status, json }).toEqual({
      status: 200,
      json: {
        id: shown[0],
        sku: expect.any(String),
        title: "Lamp 0",
        price: 12.5,
        stock: 7,
        listed: true,
        launchedAt: null,
      },
    });
    expect(await app.anyone.get(`/api/entities/Product/${NO_ROW}`)).toMatchObject(refusal(404, "NOT_FOUND"));
    expect(await app.anyone.get("/api/entities/Product/a%20b")).toMatchObject(refusal(404, "NOT_FOUND"));
    expect(await app.anyone.get(`/api/entities/Product/${unlisted}`)).toMatchObject(unreadable);
    expect((await app.admin.get(`/api/entities/Product/${unlisted}`)).status).toBe(200);
  });

  test("H-ENT-INSERT: ids, feed number, unknown and missing columns, wrong types, values that can never be meant", async () => {
    const post = (row: object | string) => app.admin.post<{ id: string }>("/api/entities/Product", row);
    const made = await post(product());
    expect(made).toMatchObject({ status: 201, json: { id: expect.stringMatching(ID) } });
    expect(Number(made.headers.get("x-pylon-change-seq"))).toBeGreaterThan(0);

    const own = `0123456789abcdef${Date.now().toString(16).padStart(24, "0")}`;
    expect((await post(product({ id: own }))).json).toEqual({ id: own });
    expect(await post(product({ id: own }))).toMatchObject({ json: { error: { code: "OPTIMISTIC_ID_CONFLICT" } } });
    for (const id of ["x", "A".repeat(40), 5])
      expect(await post(product({ id }))).toMatchObject(refusal(400, "INVALID_ID"));

    const unknown = await post(product({ nope: 1 }));
    expect(unknown).toMatchObject(refusal(400, "INVALID_COLUMN"));
    expect(unknown.text).toContain("sku");
    for (const row of [product({ sku: null }), {}])
      expect(await post(row)).toMatchObject(refusal(400, "INSERT_FAILED"));
    for (const wrong of [
      { sku: 5 },
      { price: "1" },
      { stock: "1" },
      { listed: 1 },
      { listed: "true" },
      { launchedAt: 5 },
    ])
      expect(await post(product(wrong))).toMatchObject(refusal(400, "CRDT_APPLY_FAILED"));
    for (const wrong of [
      { stock: 1.5 },
      { stock: 2 ** 53 },
      { launchedAt: "soon" },
      { launchedAt: "2026-02-30T00:00:00Z" },
    ])
      expect(await post(product(wrong))).toMatchObject(refusal(400, "INVALID_VALUE"));
    for (const title of ["a\u0000b", "a\ud800b"])
      expect(await post(product({ title }))).toMatchObject(refusal(400, "INVALID_TEXT"));
    expect(await post('{"sku":"twice-1","sku":"twice-2","title":"t","price":1,"stock":1,"listed":true}')).toMatchObject(
      {
        status: 201,
      },
    );
    expect((await list("?q=t&limit=100", app.admin)).data).toContainEqual(expect.objectContaining({ sku: "twice-2" }));
  });

  test("a duplicate is 409 with the words of the constraint", async () => {
    const row = product();
    const id = await insert(app.admin, "Product", row);
    const other = await insert(app.admin, "Product", product());
    const { sku } = (await app.admin.get<{ sku: string }>(`/api/entities/Product/${id}`)).json;
    const words = { message: "UNIQUE constraint failed: Product.sku" };
    expect(await app.admin.post("/api/entities/Product", row)).toMatchObject({
      status: 409,
      json: { error: { code: "INSERT_FAILED", ...words } },
    });
    expect(await app.admin.patch(`/api/entities/Product/${other}`, { sku })).toMatchObject({
      status: 409,
      json: { error: { code: "UPDATE_FAILED", ...words } },
    });
  });

  test("H-ENT-UPDATE: nothing to do is 200, null clears, refusals change nothing", async () => {
    const id = await insert(app.admin, "Product", product({ launchedAt: "2026-03-04T05:06:07.500+02:00" }));
    const patch = (body: object | string) => app.admin.patch(`/api/entities/Product/${id}`, body);
    const row = async () => (await app.admin.get(`/api/entities/Product/${id}`)).json;
    expect(await row()).toMatchObject({ launchedAt: "2026-03-04T03:06:07.500Z" });
    for (const body of [{}, { id }]) expect(await patch(body)).toMatchObject({ status: 200, json: { updated: true } });
    const before = await row();
    for (const [body, code] of [
      ["{", "INVALID_JSON"],
      [[], "INVALID_DATA"],
      [{ nope: 1 }, "INVALID_COLUMN"],
      [{ title: null }, "UPDATE_FAILED"],
      [{ price: "x", title: "half" }, "CRDT_APPLY_FAILED"],
      [{ stock: 1.5 }, "INVALID_VALUE"],
    ] as const)
      expect(await patch(body)).toMatchObject(refusal(400, code));
    expect(await row()).toEqual(before);
    const changed = await patch({ launchedAt: null, price: 2 });
    expect(changed).toMatchObject({ status: 200, json: { updated: true } });
    expect(Number(changed.headers.get("x-pylon-change-seq"))).toBeGreaterThan(0);
    expect(await row()).toMatchObject({ launchedAt: null, price: 2 });
    expect(await app.admin.patch(`/api/entities/Product/${NO_ROW}`, { price: 1 })).toMatchObject(
      refusal(404, "NOT_FOUND"),
    );
  });

  test("H-ENT-DELETE: once, then 404", async () => {
    const path = `/api/entities/Product/${await insert(app.admin, "Product", product())}`;
    expect(await app.anyone.delete(path)).toMatchObject(refusal(403, "POLICY_DENIED"));
    expect(await app.admin.delete(path)).toMatchObject({ status: 200, json: { deleted: true } });
    expect(await app.admin.delete(path)).toMatchObject(refusal(404, "NOT_FOUND"));
  });

  test("an unknown entity and one without policy look alike to all but admins", async () => {
    for (const by of [app.anyone, app.ann])
      for (const entity of ["Nope", "AuditLog", "product"]) {
        expect(await by.get(`/api/entities/${entity}`)).toMatchObject(refusal(403, "POLICY_DENIED"));
        expect(await by.post(`/api/entities/${entity}`, { what: "x" })).toMatchObject(refusal(403, "POLICY_DENIED"));
      }
    expect(await app.admin.get("/api/entities/Nope")).toMatchObject(refusal(400, "ENTITY_NOT_FOUND"));
    expect(await app.admin.post("/api/entities/Nope", {})).toMatchObject(refusal(404, "ENTITY_NOT_FOUND"));
    await insert(app.admin, "AuditLog", { what: "seen by admins" });
    expect((await app.admin.get<Page>("/api/entities/AuditLog")).json.count).toBe(1);
  });

  test("hidden columns are in no row, for admins neither; those of auth.user.hide can be written", async () => {
    const path = `/api/entities/User/${app.bob.userId}`;
    expect(await app.bob.patch(path, { phone: "canary-bob" })).toMatchObject({ status: 200 });
    for (const by of [app.ann, app.bob, app.admin])
      for (const answer of [
        await by.get(path),
        await by.get("/api/entities/User"),
        await by.get("/api/entities/User/cursor"),
      ])
        expect(answer.text).not.toMatch(/canary-bob|phone|passwordHash/);
    expect(await app.bob.patch(path, { passwordHash: "x" })).toMatchObject(refusal(400, "INVALID_COLUMN"));
  });

  test("Idempotency-Key: the stored answer for the same body, 409 for another, each identity for itself", async () => {
    const send = (by: typeof app.anyone, text: string, key = "key-1") =>
      by.post<{ id: string }>("/api/entities/Notification", { text }, { headers: { "Idempotency-Key": key } });
    const first = await send(app.ann, "once");
    const again = await send(app.ann, "once");
    expect(again).toMatchObject({ status: 201, json: first.json });
    expect(await send(app.ann, "else")).toMatchObject(refusal(409, "OP_ID_REUSED"));
    const bobs = await send(app.bob, "else");
    expect(bobs.status).toBe(201);
    expect(bobs.json.id).not.toBe(first.json.id);
    const texts = (await app.ann.get<Page>("/api/entities/Notification")).json.data.filter(
      ({ text }) => text === "once",
    );
    expect(texts).toHaveLength(1);

    const path = `/api/entities/Notification/${first.json.id}`;
    const remove = () => app.ann.delete(path, { headers: { "Idempotency-Key": "key-2" } });
    for (const answer of [await remove(), await remove()])
      expect(answer).toMatchObject({ status: 200, json: { deleted: true } });
    const broken = () => app.ann.post("/api/entities/Notification", {}, { headers: { "Idempotency-Key": "key-3" } });
    expect((await broken()).status).toBe(400);
    expect((await send(app.ann, "now right", "key-3")).status).toBe(201);
  });
});

test("a limit that is absent or above the maximum is the maximum, and the cut is told", async () => {
  const { server, admin, anyone } = await startPlanboard("default", { PYLON_QUERY_MAX_LIMIT: "3" });
  for (let at = 0; at < 5; at++) await insert(admin, "Product", product());
  for (const query of ["", "?limit=4", "?limit=99999999"]) {
    const answer = await anyone.get<Page>(`/api/entities/Product${query}`);
    expect(answer.json.count).toBe(3);
    expect(answer.headers.get("x-pylon-truncated")).toBe("1");
  }
  const asked = await anyone.get<Page>("/api/entities/Product?limit=2");
  expect(asked.json.count).toBe(2);
  expect(asked.headers.get("x-pylon-truncated")).toBeNull();
  expect((await anyone.get("/api/entities/Product?offset=3")).headers.get("x-pylon-truncated")).toBeNull();
  await server.stop();
});
