/** Sockets and streams on the wire, in both modes (realtime 1 to 7). */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Api, api } from "../support/client.ts";
import { bearer, type Listener, type LiveMessage, openSocket, openStream } from "../support/live.ts";
import {
  insert,
  MODES,
  order,
  type Planboard,
  product,
  session,
  signedIn,
  startPlanboard,
} from "../support/planboard.ts";

const EVENT_OF_A_SOCKET = { seq: expect.any(Number), timestamp: "" };

describe.each(MODES)("%s mode", (mode) => {
  let app: Planboard;
  const open: Listener[] = [];
  beforeAll(async () => {
    app = await startPlanboard(mode);
  });
  afterEach(() => {
    for (const listener of open.splice(0)) listener.close();
  });
  afterAll(async () => {
    expect(await app.server.stop()).toBe(0);
  });

  const keep = <L extends Listener>(listener: L): L => {
    open.push(listener);
    return listener;
  };
  const socket = async (options?: Parameters<typeof openSocket>[1]) =>
    keep(await openSocket(`${app.url}/api/sync/ws`, options));
  const socketOf = (token: string) => socket(bearer(token));
  const streamOf = async (token: string) =>
    keep(await openStream(`${app.url}/events`, { Authorization: `Bearer ${token}` }));

  /** A write by the admin that everybody sees: what came before it has arrived when this has. */
  async function mark(...listeners: Listener[]): Promise<number> {
    const { headers } = await app.admin.post("/api/entities/Product", product());
    const seq = Number(headers.get("x-pylon-change-seq"));
    await Promise.all(listeners.map((listener) => listener.upTo(seq)));
    return seq;
  }

  /** Change events of one row. */
  const of = (listener: Listener, id: string): LiveMessage[] =>
    listener.changes().filter(({ row_id }) => row_id === id);
  const seqOf = async (write: ReturnType<Api["patch"]>): Promise<number> =>
    Number((await write).headers.get("x-pylon-change-seq"));

  test("R-WS-AUTH: header, subprotocol, cookie of a trusted origin; anonymous and unknown callers stay open", async () => {
    const order1 = await insert(app.ann, "Order", order(app.ann.userId));
    const cookie = { Cookie: `planboard_session=${app.ann.token}` };
    const anns = await Promise.all([
      socketOf(app.ann.token),
      socket({ headers: { Authorization: `bearer ${app.ann.token}` } }),
      socket({ protocols: [`bearer.${encodeURIComponent(app.ann.token)}`] }),
      socket({ headers: { ...bearer(app.ann.token).headers }, protocols: [`bearer.${app.bob.token}`] }),
      socket({ headers: { ...cookie, Origin: "https://planboard.example" } }),
      socket({ headers: { ...cookie, Origin: "https://app.example" } }),
    ]);
    const others = await Promise.all([
      socket(),
      socketOf(`pylon_${"0".repeat(64)}`),
      socket({ headers: { Origin: "https://evil.example" } }),
      socket({ protocols: [`bearer.${app.bob.token}`] }),
    ]);
    await app.ann.patch(`/api/entities/Order/${order1}`, { quantity: 5 });
    await mark(...anns, ...others);
    for (const one of anns) expect(of(one, order1)).toMatchObject([{ kind: "update", data: { quantity: 5 } }]);
    for (const one of others) expect(of(one, order1)).toEqual([]);
    expect(anns[2]?.protocol).toBe(`bearer.${encodeURIComponent(app.ann.token)}`);
    await expect(socket({ headers: { ...cookie, Origin: "https://evil.example" } })).rejects.toThrow("403");
  });

  test("R-PORTS: a plain GET is 400 BAD_UPGRADE; the admin's socket sees every row", async () => {
    expect(await app.anyone.get("/api/sync/ws")).toMatchObject({
      status: 400,
      json: { error: { code: "BAD_UPGRADE" } },
    });
    const { token } = (await app.anyone.post<{ token: string }>("/api/auth/guest", {})).json;
    const [admins, guests] = [await socketOf("secretsecretsecretsecret"), await socketOf(token)];
    const id = await insert(app.admin, "AuditLog", { what: "x" });
    await mark(admins, guests);
    expect(of(admins, id)).toHaveLength(1);
    expect(of(guests, id)).toEqual([]);
  });

  test("hello comes first; R-WS-BAD: what is no message closes nothing; unknown types are answered or ignored", async () => {
    const one = await socket();
    expect(await one.find(({ type }) => type === "hello")).toMatchObject({
      wire: 1,
      schema: expect.any(String),
      epoch: expect.any(String),
      head: expect.any(Number),
    });
    expect(one.messages[0]?.type).toBe("hello");
    for (const bad of [
      "{",
      "[]",
      "5",
      "{}",
      { type: "no-such" },
      { type: "presence", room: "r" },
      new Uint8Array([1, 2]),
    ])
      one.send(bad);
    await mark(one);
  });

  test("R-EV: whole rows, dense numbers in order, the header's number is the event's, for REST and push alike", async () => {
    const [one, stream] = [await socketOf(app.ann.token), await streamOf(app.ann.token)];
    const first = await mark(one, stream);
    const created = await app.ann.post<{ id: string }>("/api/entities/Notification", { text: "a" });
    const { id } = created.json;
    const seq = Number(created.headers.get("x-pylon-change-seq"));
    await app.ann.patch(`/api/entities/Notification/${id}`, { seen: true });
    await app.ann.post("/api/sync/push", {
      changes: [{ entity: "Notification", row_id: id, kind: "update", data: { text: "b" } }],
    });
    await app.ann.delete(`/api/entities/Notification/${id}`);
    const last = await mark(one, stream);
    expect([seq, last]).toEqual([first + 1, first + 5]);
    const row = { id, userId: app.ann.userId, createdAt: expect.any(String), updatedAt: null };
    const expected = [
      { kind: "insert", data: { ...row, text: "a", seen: false } },
      { kind: "update", data: { ...row, text: "a", seen: true } },
      { kind: "update", data: { ...row, text: "b", seen: true } },
      { kind: "delete", data: { ...row, text: "b", seen: true } },
    ].map((event, at) => ({ ...event, seq: seq + at, entity: "Notification", row_id: id, timestamp: "" }));
    for (const listener of [one, stream]) {
      expect(of(listener, id)).toEqual(expected);
      expect(listener.changes().map((event) => event.seq)).toEqual([0, 1, 2, 3, 4, 5].map((at) => first + at));
    }
  });

  test("R-POL: the event, the whole row, a delete with the id alone, nothing", async () => {
    const projectId = await insert(app.ann, "Project", { name: "P", key: "R-POL" });
    await insert(app.admin, "Guest", { projectId, userId: app.cid.userId });
    const sockets = {
      ann: await socketOf(app.ann.token),
      cid: await socketOf(app.cid.token),
      bob: await socketOf(app.bob.token),
    };
    const streams = { cid: await streamOf(app.cid.token) };
    const id = await insert(app.ann, "StatusUpdate", { projectId, text: "canary-draft" });
    const path = `/api/entities/StatusUpdate/${id}`;
    const published = await seqOf(app.ann.patch(path, { published: true, text: "published" }));
    const left = await seqOf(app.ann.patch(path, { published: false, text: "canary-again" }));
    await mark(sockets.ann, sockets.cid, sockets.bob, streams.cid);

    expect(of(sockets.ann, id).map(({ kind }) => kind)).toEqual(["insert", "update", "update"]);
    const whole = { id, projectId, authorId: app.ann.userId, text: "published", published: true };
    for (const listener of [sockets.cid, streams.cid]) {
      expect(of(listener, id)).toEqual([
        { ...EVENT_OF_A_SOCKET, seq: published, entity: "StatusUpdate", row_id: id, kind: "update", data: whole },
        { ...EVENT_OF_A_SOCKET, seq: left, entity: "StatusUpdate", row_id: id, kind: "delete", data: { id } },
      ]);
      expect(JSON.stringify(listener.messages)).not.toContain("canary");
    }
    expect(of(sockets.bob, id)).toEqual([]);
  });

  test("a real delete carries the last row, on socket and stream, for those who could read it", async () => {
    const id = await insert(app.ann, "Order", order(app.ann.userId, { note: "last words" }));
    const listeners = [await socketOf(app.ann.token), await streamOf(app.ann.token)];
    const stranger = await socketOf(app.bob.token);
    await app.ann.delete(`/api/entities/Order/${id}`);
    await mark(...listeners, stranger);
    for (const listener of listeners)
      expect(of(listener, id)).toMatchObject([{ kind: "delete", data: { id, note: "last words", quantity: 1 } }]);
    expect(of(stranger, id)).toEqual([]);
  });

  test("R-TEN: events of a tenant reach sockets of that tenant", async () => {
    const sockets = [await socketOf(app.ann.token), await socketOf(app.bob.token), await socketOf(app.cid.token)];
    const id = await insert(app.ann, "Label", { name: "bug", color: "red" });
    await mark(...sockets);
    expect(sockets.map((one) => of(one, id).length)).toEqual([1, 1, 0]);
  });

  test("R-SESSION: the tenant of a session changes what its sockets get; a session that ends reads no more", async () => {
    const dee = await signedIn(app.admin, `dee-${mode}`);
    await insert(app.admin, "OrgMember", { userId: dee.userId, orgId: app.orgs.first, role: "member" });
    const other = await session(app.admin, dee.userId);
    const [one, twin] = [await socketOf(dee.token), await socketOf(other.token)];
    await dee.post("/api/auth/select-org", { orgId: app.orgs.first });
    expect(await one.find(({ type }) => type === "session-changed")).toEqual({
      type: "session-changed",
      tenant_id: app.orgs.first,
    });
    const seen = await insert(app.ann, "Label", { name: "seen", color: "red" });
    await mark(one, twin);
    expect([of(one, seen).length, of(twin, seen).length]).toEqual([1, 0]);

    await dee.delete("/api/auth/session");
    const unseen = await insert(app.ann, "Label", { name: "unseen", color: "red" });
    const later = await mark(twin);
    await Promise.race([one.closed, one.find(({ seq }) => seq === later)]);
    expect(of(one, unseen)).toEqual([]);
    expect(JSON.stringify(one.messages)).not.toContain("unseen");
  });

  test("R-SSE: who may open one, and how it begins", async () => {
    const refused = await openStream(`${app.url}/events`);
    expect(refused.status).toBe(401);
    await vi.waitFor(() => expect(JSON.parse(refused.text())).toMatchObject({ error: { code: "AUTH_REQUIRED" } }));
    const byQuery = keep(await openStream(`${app.url}/events?token=${app.ann.token}`));
    const byCookie = keep(await openStream(`${app.url}/events`, { Cookie: `planboard_session=${app.ann.token}` }));
    await mark(byQuery, byCookie);
    expect(byQuery.headers.get("content-type")).toBe("text/event-stream");
    expect(byQuery.text()).toMatch(/^: connected\n\n(id: \d+\n)?data: \{/);
    expect(byCookie.changes()).toHaveLength(1);
  });

  test("ports beside the first: a socket on +1 and a stream on +2, in compatibility mode only", async () => {
    const [socketUrl, streamUrl] = [1, 2].map((more) => `http://127.0.0.1:${app.server.port + more}/any/path`);
    if (mode === "default") {
      await expect(fetch(streamUrl ?? "")).rejects.toThrow("fetch failed");
      return;
    }
    const one = keep(await openSocket(socketUrl ?? "", bearer(app.ann.token)));
    const cookieless = keep(
      await openSocket(socketUrl ?? "", { headers: { Cookie: `planboard_session=${app.ann.token}` } }),
    );
    const stream = keep(await openStream(`${streamUrl}?token=${app.ann.token}`));
    expect(stream.headers.get("access-control-allow-origin")).toBe("*");
    const id = await insert(app.ann, "Notification", { text: "next door" });
    await mark(one, cookieless, stream);
    expect([one, cookieless, stream].map((listener) => of(listener, id).length)).toEqual([1, 0, 1]);
    expect((await openStream(streamUrl ?? "")).status).toBe(401);
    expect((await api(streamUrl ?? "").get("")).status).toBe(401);
  });
});
