import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { PylonError } from "../../../runtime-core/kernel/errors.ts";
import type { Call, Handler } from "../../../runtime-core/net/ports.ts";
import { openServer, type Served } from "./world.ts";

let served: Served;
afterEach(() => served.close());

const echo: Handler = (call: Call) => {
  if (call.segments[1] !== "echo") return null;
  if (call.search === "throw") throw new Error("secret of the app");
  if (call.search === "refuse") throw new PylonError("NO", "No.", 418, { hint: "h", extra: { oldest_seq: 1 } });
  if (call.search === "reject") return Promise.reject(new Error("secret of the app"));
  if (call.search === "bad-header") return { status: 200, body: "{}", headers: ["X-Bad", "a\nb"] };
  const { method, path, segments, search, body, auth } = call;
  return { status: 200, body: JSON.stringify({ method, path, segments, search, body, user: auth.userId }) };
};
const open = async (settings: Parameters<typeof openServer>[0] = {}) => {
  served = await openServer({ handler: echo, ...settings });
};
const json = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(served.url + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? null : JSON.parse(text) };
};

describe("a call", () => {
  test("has its path decoded once, its query apart and its body as text", async () => {
    await open();
    const answer = await json("/api/echo/a%2Fb%20c/%2541?x=1&y=%20", { method: "POST", body: "żółw" });
    expect(answer.json).toEqual({
      method: "POST",
      path: "/api/echo/a%2Fb%20c/%2541",
      segments: ["api", "echo", "a/b c", "%41"],
      search: "x=1&y=%20",
      body: "żółw",
      user: null,
    });
    for (const path of ["/api/echo/%", "/api/echo/%ff", "/api/echo/%00", "/api/%E0%A4%A/echo"])
      expect((await json(path)).json.error.code).toBe("INVALID_PATH");
  });

  test("by HEAD is GET without a body; OPTIONS is 204 anywhere", async () => {
    await open();
    const head = await json("/api/echo", { method: "HEAD" });
    expect([head.status, head.json]).toEqual([200, null]);
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(50);
    expect((await json("/nowhere", { method: "OPTIONS" })).status).toBe(204);
  });

  test("is answered with the headers of the specification", async () => {
    await open({ corsOrigin: "https://web.example" });
    const { headers } = await json("/api/echo", { headers: { origin: "https://evil.example" } });
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "access-control-allow-origin": "https://web.example",
      "access-control-allow-credentials": "true",
      vary: "Origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "x-xss-protection": "1; mode=block",
      "referrer-policy": "strict-origin-when-cross-origin",
    });
  });

  test("leaves in one packet", async () => {
    await open();
    const chunks = await new Promise<string[]>((resolve) => {
      const seen: string[] = [];
      const socket = connect(served.port, "127.0.0.1", () => socket.write("GET /api/echo HTTP/1.1\r\nHost: x\r\n\r\n"));
      socket.on("data", (chunk) => void seen.push(String(chunk)));
      setTimeout(() => {
        socket.destroy();
        resolve(seen);
      }, 200);
    });
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*"method":"GET"/);
  });
});

describe("errors", () => {
  test("are one envelope; an unknown throw says nothing and is logged once", async () => {
    await open();
    const refused = await json("/api/echo?refuse");
    expect(refused.status).toBe(418);
    expect(refused.json).toEqual({ error: { code: "NO", message: "No.", hint: "h", oldest_seq: 1 } });
    for (const kind of ["throw", "reject"]) {
      const answer = await json(`/api/echo?${kind}`);
      expect(answer.status).toBe(500);
      expect(answer.json).toEqual({ error: { code: "INTERNAL", message: "Internal error" } });
    }
    expect((await json("/api/echo?bad-header")).status).toBe(500);
    expect(served.lines.filter((line) => line.includes("secret of the app"))).toHaveLength(2);
    expect(await json("/api/nowhere")).toMatchObject({ status: 404, json: { error: { code: "NOT_FOUND" } } });
  });

  test("of the parser have the envelope too", async () => {
    await open();
    expect(await served.raw("nonsense\r\n\r\n")).toMatch(/^HTTP\/1.1 400 [\s\S]*"BAD_REQUEST"/);
    expect(await served.raw(`GET / HTTP/1.1\r\nX: ${"a".repeat(20_000)}\r\n\r\n`)).toMatch(
      /431 [\s\S]*"HEADERS_TOO_LARGE"/,
    );
  });

  test("of a missing Host have it too, and an odd expectation is ignored", async () => {
    await open();
    expect(await served.raw("GET /api/echo HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1.1 400 [\s\S]*"BAD_REQUEST"/);
    const odd = "GET /api/echo HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n";
    expect(await served.raw(odd)).toMatch(/^HTTP\/1.1 200 /);
  });

  test("too large a body: by its announced length, and by count when it announces none", async () => {
    await open({ limits: { bodyBytesMax: 1_000 } });
    const announced = await json("/api/echo", { method: "POST", body: "x".repeat(1_001) });
    expect(announced).toMatchObject({ status: 413, json: { error: { code: "PAYLOAD_TOO_LARGE" } } });
    expect(announced.headers.get("content-type")).toBe("application/json");
    const status = await new Promise<number | undefined>((resolve) => {
      const call = request(`${served.url}/api/echo`, { method: "POST" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", () => {});
      const more = setInterval(() => call.write("x".repeat(400)), 5);
      call.on("close", () => clearInterval(more));
    });
    expect(status).toBe(413);
    expect((await json("/api/echo", { method: "POST", body: "x".repeat(1_000) })).status).toBe(200);
  });

  test("a body that is no UTF-8, and one that is cut off", async () => {
    await open();
    const bytes = await json("/api/echo", { method: "POST", body: new Uint8Array([0xff, 0xfe]) });
    expect(bytes.json.error.code).toBe("INVALID_JSON");
    const socket = connect(served.port, "127.0.0.1");
    socket.write("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    setTimeout(() => socket.destroy(), 50);
    await new Promise((resolve) => socket.on("close", resolve));
    expect((await json("/api/echo")).status).toBe(200);
  });
});

describe("limits and origins", () => {
  test("anonymous callers count by address, users by themselves, the admin and /health not at all", async () => {
    await open({ limits: { requestsPerWindowMax: 3, requestsPerWindowAuthedMax: 5 } });
    const statuses = async (count: number, path: string, token?: string) => {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const answers = [];
      for (let n = 0; n < count; n += 1) answers.push((await json(path, { headers })).status);
      return answers;
    };
    expect(await statuses(4, "/api/echo")).toEqual([200, 200, 200, 429]);
    expect(await statuses(6, "/api/echo", "t-bob")).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await statuses(6, "/api/echo", "t-admin")).not.toContain(429);
    expect(await statuses(5, "/health")).not.toContain(429);
    const refused = await json("/api/echo");
    expect(refused.json.error.code).toBe("RATE_LIMITED");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await json("/api/echo", { method: "OPTIONS" })).status).toBe(204);
  });

  test("addresses come from the n-th entry from the right behind proxies only", async () => {
    await open({ limits: { requestsPerWindowMax: 1 }, trustProxyHops: 2 });
    const from = (forwarded: string) => json("/api/echo", { headers: { "x-forwarded-for": forwarded } });
    expect((await from("9.9.9.9, 1.1.1.1, 10.0.0.1")).status).toBe(200);
    expect((await from("8.8.8.8, 1.1.1.1, 10.0.0.2")).status).toBe(429);
    expect((await from("9.9.9.9, 2.2.2.2, 10.0.0.1")).status).toBe(200);
  });

  test("requests at one time are bounded: 503 with Retry-After", async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await open({
      limits: { requestsInFlightPerAddressMax: 2 },
      handler: (call) => (call.path === "/wait" ? gate.then(() => ({ status: 200, body: "{}" })) : null),
    });
    const waiting = [json("/wait"), json("/wait")];
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await json("/api/echo");
    expect(refused).toMatchObject({ status: 503, json: { error: { code: "OVERLOADED" } } });
    expect(refused.headers.get("retry-after")).toBe("1");
    release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await json("/api/echo")).status).toBe(404);
  });

  test("writes without a bearer token come from allowed pages only (H-CSRF)", async () => {
    await open({ csrfOrigins: ["https://ok.example"] });
    const write = async (headers: Record<string, string>, method = "POST") =>
      (await json("/api/echo", { method, headers })).status;
    expect(await write({ origin: "https://evil.example" })).toBe(403);
    expect(await write({ origin: "null" })).toBe(403);
    expect(await write({ referer: "https://evil.example/page" })).toBe(403);
    expect(await write({ referer: "nonsense" })).toBe(403);
    expect(await write({ origin: "https://ok.example" })).toBe(200);
    expect(await write({ referer: "https://ok.example/page?x" })).toBe(200);
    expect(await write({ origin: served.url })).toBe(200);
    expect(await write({ origin: "http://localhost:5173" })).toBe(200);
    expect(await write({})).toBe(200);
    expect(await write({ origin: "https://evil.example", authorization: "bearer x" })).toBe(200);
    expect(await write({ origin: "https://evil.example" }, "GET")).toBe(200);
  });
});

test("an upgrade that is not for us is answered as a plain request", async () => {
  await open();
  const head = "Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n";
  expect(await served.raw(`GET /api/echo HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1.1 200 [\s\S]*"method":"GET"/);
  expect(await json("/api/sync/ws")).toMatchObject({ status: 400, json: { error: { code: "BAD_UPGRADE" } } });
});

test("fuzzed requests: every answer is one, none is a 5xx", async () => {
  await open();
  let state = 7;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const paths = [
    "/api/sync/push",
    "/api/sync/pull",
    "/api/echo/%zz",
    "/api/sync/pull?since=%00&snapshot_after=%7B",
    "//",
    "/%2e%2e/x",
    "/api/sync/ws",
    "/events",
    "*",
  ];
  const bodies = [
    "",
    "{",
    "[]",
    '{"changes":[{}]}',
    '{"changes":[{"entity":"__proto__","row_id":"\\u0000","kind":"insert"}]}',
    "[".repeat(5_000),
    '{"changes":[{"entity":"Todo","row_id":"x","kind":"insert","data":null,"op_id":""}]}',
  ];
  for (let n = 0; n < 400; n += 1) {
    const method = pick(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE", "BREW"]);
    const body = pick(bodies);
    const answer = await served.raw(
      `${method} ${pick(paths)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 [24]/);
  }
  expect(served.lines).toEqual([]);
});

test("a connection that asked for another upgrade and is reset ends nothing but itself", async () => {
  // The answer must still be under way when the reset comes, or there is nobody to miss it.
  await open({ handler: () => new Promise((resolve) => setTimeout(() => resolve({ status: 200, body: "{}" }), 50)) });
  for (let n = 0; n < 20; n++) {
    const socket = connect(served.port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.resetAndDestroy();
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await json("/api/echo")).status).toBe(200);
});
