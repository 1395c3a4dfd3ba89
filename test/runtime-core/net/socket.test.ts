import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ANONYMOUS } from "../../../runtime-core/kernel/auth.ts";
import { systemTimers } from "../../../runtime-core/kernel/clock.ts";
import { drain } from "../../../runtime-core/net/drain.ts";
import { openExtraPorts } from "../../../runtime-core/net/extra-ports.ts";
import { openServer, type Served } from "./world.ts";

let served: Served;
afterEach(() => served.close());
const open = async (settings: Parameters<typeof openServer>[0] = {}) => {
  served = await openServer(settings);
};
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("who is on a socket (R-WS-AUTH)", () => {
  test("header, subprotocol (echoed), cookie of a trusted page; else anonymous", async () => {
    await open();
    await served.insert("private");
    const byHeader = await served.socket(bearer("t-ana"));
    const byProtocol = await served.socket({ protocols: ["other", "bearer.t-ana", "bearer.t-bob"] });
    expect(byProtocol.socket.protocol).toBe("bearer.t-ana");
    const late = await served.socket(bearer("late"));
    const headerWins = await served.socket({ ...bearer("t-bob"), protocols: ["bearer.t-ana"] });
    const badEscape = await served.socket({ protocols: ["bearer.%zz"] });
    const cookie = { cookie: "app_session=t-ana", origin: "https://app.example" };
    const byCookie = await served.socket({ headers: cookie });
    const own = await served.socket({ headers: { ...cookie, origin: served.url } });
    for (const origin of ["https://evil.example", "null"])
      await expect(served.socket({ headers: { ...cookie, origin } })).rejects.toThrow("403");
    await expect(served.socket({ headers: { cookie: cookie.cookie } })).rejects.toThrow("403");
    const foreign = await served.socket({
      ...bearer("t-ana"),
      headers: { ...bearer("t-ana").headers, origin: "https://evil.example" },
    });

    await served.insert("hers");
    await served.insert("news", "x", "News");
    for (const socket of [byHeader, byProtocol, late, byCookie, own, foreign]) {
      await socket.seq(3);
      expect(socket.messages[0]).toEqual({
        type: "hello",
        wire: 1,
        schema: "schema-1",
        epoch: served.feed.epoch,
        head: 1,
      });
      expect(socket.events().map(({ seq }) => seq)).toEqual([2, 3]);
    }
    for (const socket of [headerWins, badEscape]) {
      await socket.seq(3);
      expect(socket.events().map(({ seq }) => seq)).toEqual([3]);
    }
  });

  test("an event has the shape of R-EV", async () => {
    await open();
    const socket = await served.socket(bearer("t-ana"));
    const { rowId } = await served.insert("a");
    await served.write("delete", "Todo", rowId);
    await socket.seq(2);
    const data = { id: rowId, title: "a", ownerId: "ana" };
    expect(socket.events()).toEqual([
      { seq: 1, entity: "Todo", row_id: rowId, kind: "insert", data, timestamp: "" },
      { seq: 2, entity: "Todo", row_id: rowId, kind: "delete", data, timestamp: "" },
    ]);
  });
});

describe("messages of a client", () => {
  test("that cannot be served are answered and leave the socket open", async () => {
    await open();
    const socket = await served.socket();
    const bad = [
      "{",
      "[]",
      "null",
      '"x"',
      "{}",
      '{"type":5}',
      '{"type":"presence","room":"r"}',
      '{"type":"resume"}',
      '{"type":"resume","since":-1}',
      `${"[".repeat(1000)}`,
      '{"type":"__proto__"}',
    ];
    for (const text of bad) socket.socket.send(text);
    socket.socket.send(Buffer.from([1, 2, 3]));
    await socket.type("error", bad.length + 1);
    expect(socket.ofType("error").map(({ code }) => code)).toEqual([
      "INVALID_JSON",
      ...Array(5).fill("INVALID_DATA"),
      "NOT_SUPPORTED",
      "INVALID_DATA",
      "INVALID_DATA",
      "INVALID_JSON",
      "NOT_SUPPORTED",
      "NOT_SUPPORTED",
    ]);
    expect(socket.ofType("error")[6]).toMatchObject({ ref: "presence" });
    await served.insert("still here", "x", "News");
    await socket.seq(1);
  });

  test("over the size limit close the socket, and only that one", async () => {
    await open({ limits: { socketMessageBytesMax: 1_000 } });
    const socket = await served.socket();
    const other = await served.socket();
    socket.socket.send("x".repeat(1_001));
    expect(await socket.closed()).toBe(1009);
    await served.insert("news", "x", "News");
    await other.seq(1);
  });

  test("of broken handshakes get the envelope", async () => {
    await open();
    const head = "GET /api/sync/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    expect(await served.raw(`${head}Sec-WebSocket-Version: 13\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 [\s\S]*BAD_UPGRADE/);
    expect(await served.raw(`${head.replace("/api/sync/ws", "/other")}\r\n`)).toMatch(
      /^HTTP\/1.1 404 [\s\S]*NOT_FOUND/,
    );
  });
});

describe("resume", () => {
  test("replays what was missed and goes on live without a gap or a repetition, under writes", async () => {
    await open();
    const writes = async (count: number) => {
      for (let n = 0; n < count; n += 1) await served.insert(`t${n}`, n % 3 === 0 ? "bob" : "ana");
    };
    await writes(450);
    const running = writes(300);
    const byUrl = await served.socket({ ...bearer("t-ana"), path: "/api/sync/ws?since=7" });
    const byMessage = await served.socket(bearer("t-ana"));
    byMessage.socket.send('{"type":"resume","since":7}');
    await running;
    await served.insert("end");
    const wanted = (await served.feed.since(7, 10_000))
      .filter(({ data }) => data?.includes('"ana"'))
      .map(({ seq }) => seq);
    for (const socket of [byUrl, byMessage]) {
      await socket.seq(751);
      const seqs = socket.events().map(({ seq }) => seq);
      if (socket === byUrl) expect(seqs).toEqual(wanted);
      // Live until its message arrived; from there on complete.
      else expect(seqs.slice(seqs.indexOf(wanted[0]))).toEqual(wanted);
    }
  });

  test("from a cursor that is not in the feed asks for a resync and is live", async () => {
    await open();
    const socket = await served.socket({ path: "/api/sync/ws?since=99" });
    await socket.type("resync");
    await served.insert("news", "x", "News");
    await socket.seq(1);
  });
});

describe("a session that changes", () => {
  test("is downgraded at once, and other sessions of the user are not (B-LOGOUT, B-TENSESSION)", async () => {
    await open();
    const gone = await served.socket(bearer("t-ana"));
    const stays = await served.socket(bearer("t-ana2"));
    const before = served.insert("before");
    await before;
    served.fanOut.sessionChanged("s-ana", ANONYMOUS);
    await served.insert("after");
    await served.insert("news", "x", "News");
    await gone.seq(3);
    await stays.seq(3);
    expect(gone.ofType("session-changed")).toEqual([{ type: "session-changed", tenant_id: null }]);
    expect(gone.events().map(({ seq }) => seq)).not.toContain(2);
    expect(stays.events().map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(stays.ofType("session-changed")).toEqual([]);
    expect([...served.fanOut.sessionIds()]).toEqual(["s-ana2"]);
  });

  test("gets nothing of the old identity though a slow rule was under way", async () => {
    await open({ visibility: { slow: true } });
    const socket = await served.socket(bearer("t-ana"));
    for (let n = 0; n < 20; n += 1) await served.insert(`t${n}`);
    const had = socket.events().length;
    served.fanOut.sessionChanged("s-ana", ANONYMOUS);
    await served.insert("news", "x", "News");
    await socket.seq(21);
    const after = socket.messages.slice(socket.messages.findIndex(({ type }) => type === "session-changed"));
    expect(after.filter(({ entity }) => entity === "Todo")).toEqual([]);
    expect(had).toBeLessThan(20);
  });
});

test("order holds over slow rules, and each event is judged once a group", async () => {
  await open({ visibility: { slow: true } });
  const sockets = await Promise.all(Array.from({ length: 5 }, () => served.socket(bearer("t-ana"))));
  await Promise.all(Array.from({ length: 40 }, (_, n) => served.insert(`t${n}`, "ana", n % 2 === 0 ? "News" : "Todo")));
  for (const socket of sockets) {
    await socket.seq(40);
    expect(socket.events().map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  }
});

test("a change that other rules ask for makes clients resync, once a batch", async () => {
  await open({ visibility: { affects: ["Todo"] } });
  const socket = await served.socket(bearer("t-ana"));
  await Promise.all(Array.from({ length: 10 }, () => served.insert("news", "x", "News")));
  await socket.type("resync");
  expect(socket.ofType("resync")[0]).toEqual({ type: "resync", entities: ["Todo"] });
  expect(socket.ofType("resync").length).toBeLessThan(10);
});

test("a socket that does not read is told to resync and closed; others are not held up", async () => {
  await open({ limits: { socketQueueBytesMax: 200_000 } });
  const slow = await served.socket();
  const fast = await served.socket();
  slow.socket.pause();
  for (let n = 1; n <= 200; n += 1) {
    await served.insert("x".repeat(100_000), "x", "News");
    if (n % 10 === 0) await fast.seq(n);
  }
  expect(served.fanOut.size).toBe(1);
  slow.socket.resume();
  await slow.closed();
  expect(slow.events().length).toBeLessThan(200);
});

test("dead sockets are found by two missed pings, live ones stay", async () => {
  await open({ limits: { socketPingSecs: 1 } });
  const live = await served.socket();
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
  const dead = connect(served.port, "127.0.0.1");
  dead.write(`GET /api/sync/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`);
  dead.resume();
  await once(dead, "close");
  await expect.poll(() => served.fanOut.size).toBe(1);
  expect(live.socket.readyState).toBe(1);
});

test("sockets are bounded by address", async () => {
  await open({ limits: { socketsPerAddressMax: 2 } });
  const first = await served.socket();
  await served.socket();
  await expect(served.socket()).rejects.toThrow("503");
  first.socket.close();
  await first.closed();
  await expect
    .poll(() =>
      served.socket().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
});

test("draining sends sockets away with 1012 and answers the calls under way", async () => {
  await open({
    handler: (call) =>
      call.path === "/slow"
        ? new Promise((resolve) => setTimeout(() => resolve({ status: 200, body: '"done"' }), 200))
        : null,
  });
  const socket = await served.socket();
  const call = fetch(`${served.url}/slow`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const drained = drain([served.server], [served.sockets, served.streams], { drainSecs: 5 }, systemTimers);
  expect(await socket.closed()).toBe(1012);
  const response = await call;
  expect([response.status, await response.text(), response.headers.get("connection")]).toEqual([
    200,
    '"done"',
    "close",
  ]);
  await drained;
  await expect(fetch(served.url)).rejects.toThrow();
});

test("extra ports: the socket without cookie on +1, the stream on +2; a taken one is a warning", async () => {
  let servers: readonly Server[] = [];
  // The ports after a free one may be anybody's, so another free one is tried.
  for (let tries = 0; servers.length < 2 && tries < 20; tries++) {
    for (const server of servers) server.close();
    if (tries > 0) await served.close();
    await open();
    servers = await openExtraPorts({ ...served, trustProxyHops: 0 }, served.port, "127.0.0.1");
  }
  const settings = { ...served, trustProxyHops: 0 };
  expect(servers).toHaveLength(2);
  expect(await openExtraPorts(settings, served.port, "127.0.0.1")).toEqual([]);
  expect(served.lines.filter((line) => line.includes("not available"))).toHaveLength(2);
  const byCookie = await served.socket({
    port: served.port + 1,
    path: "/any",
    headers: { cookie: "app_session=t-ana", origin: "https://app.example" },
  });
  await served.insert("private");
  await served.insert("news", "x", "News");
  await byCookie.seq(2);
  expect(byCookie.events()).toHaveLength(1);
  const stream = await fetch(`http://127.0.0.1:${served.port + 2}/any?token=t-ana`);
  expect([stream.status, stream.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
  expect((await fetch(`http://127.0.0.1:${served.port + 2}/`)).status).toBe(401);
  await stream.body?.cancel();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
