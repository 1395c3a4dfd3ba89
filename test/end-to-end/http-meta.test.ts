/** Conventions, headers, CORS, CSRF, limits and meta routes of the wire, in both modes (http 1 and 2). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../support/client.ts";
import { MODES, type Planboard, product, signedIn, startPlanboard } from "../support/planboard.ts";

const SECURITY = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-xss-protection": "1; mode=block",
  "referrer-policy": "strict-origin-when-cross-origin",
  "permissions-policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
};
const CORS = {
  "access-control-allow-origin": "https://app.example",
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": expect.stringContaining("X-Pylon-Change-Seq"),
  vary: expect.stringContaining("Origin"),
};
const refusal = (status: number, code: string) => ({ status, json: { error: { code, message: expect.any(String) } } });
const headersOf = (headers: Headers) => Object.fromEntries(headers.entries());

describe.each(MODES)("%s mode", (mode) => {
  let app: Planboard;
  beforeAll(async () => {
    app = await startPlanboard(mode);
  });
  afterAll(async () => {
    expect(await app.server.stop()).toBe(0);
  });

  test("H-HEALTH, with and without a query string", async () => {
    const answer = {
      status: 200,
      json: { status: "ok", version: expect.any(String), uptime_secs: expect.any(Number) },
    };
    expect(await app.anyone.get("/health")).toMatchObject(answer);
    expect(await app.anyone.get("/health?x=1")).toMatchObject(answer);
  });

  test("H-MANIFEST tells rules to admins only; key order is that of the declaration", async () => {
    type Manifest = { entities: { name: string; fields: { name: string }[] }[]; policies: object[] };
    const short = await app.anyone.get<Manifest>("/api/manifest");
    expect(short.json).toMatchObject({ manifest_version: 1, name: "planboard", version: "1.4.0" });
    expect(short.json.entities.map(({ name }) => name).slice(0, 3)).toEqual(["User", "Organization", "OrgMember"]);
    expect(short.json.entities[0]?.fields.map(({ name }) => name).slice(0, 2)).toEqual(["email", "displayName"]);
    for (const policy of short.json.policies)
      expect(Object.keys(policy).every((key) => ["name", "entity", "action"].includes(key))).toBe(true);
    expect(short.text).not.toContain("auth.userId");
    expect((await app.ann.get("/api/manifest?full=1")).text).toBe(short.text);
    expect((await app.admin.get("/api/manifest")).text).toBe(short.text);
    expect((await app.admin.get("/api/manifest?full=1")).text).toContain("auth.userId");
  });

  test("H-OPENAPI is for admins", async () => {
    expect(await app.ann.get("/api/openapi.json")).toMatchObject({
      status: 404,
      json: { error: { code: "NOT_FOUND", hint: expect.stringContaining("PYLON_OPENAPI_PUBLIC") } },
    });
    const { status, json } = await app.admin.get<{ openapi: string; paths: object }>("/api/openapi.json");
    expect({ status, version: json.openapi }).toEqual({ status: 200, version: expect.stringMatching(/^3\.1/) });
    expect(Object.keys(json.paths)).toContain("/api/entities/Task/{id}");
  });

  test("H-404 and methods that a path does not have", async () => {
    for (const [method, path] of [
      ["GET", "/nope"],
      ["POST", "/api/nope"],
      ["POST", "/health"],
      ["PUT", "/api/auth/me"],
      ["POST", "/api/sync/pull"],
      ["GET", "/api/sync/push"],
    ] as const)
      expect(await app.admin.request(method, path, method === "GET" ? undefined : {})).toMatchObject(
        refusal(404, "NOT_FOUND"),
      );
    for (const [method, path] of [
      ["PUT", "/api/entities/Product"],
      ["PUT", "/api/entities/Product/x"],
      ["POST", "/api/entities/Product/x"],
      ["DELETE", "/api/entities/Product"],
      ["PATCH", "/api/entities/Product"],
    ] as const)
      expect(await app.admin.request(method, path, {})).toMatchObject(refusal(405, "METHOD_NOT_ALLOWED"));
  });

  test("HEAD answers as GET without a body, OPTIONS 204 everywhere (H-CORS)", async () => {
    const head = await app.anyone.request("HEAD", "/api/entities/Product");
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: "" });
    for (const path of ["/health", "/api/entities/Product", "/nope"]) {
      const preflight = await app.anyone.request("OPTIONS", path, undefined, {
        headers: { Origin: "https://app.example", "Access-Control-Request-Method": "PATCH" },
      });
      expect({ status: preflight.status, text: preflight.text }).toEqual({ status: 204, text: "" });
      expect(headersOf(preflight.headers)).toMatchObject({
        ...CORS,
        "access-control-allow-methods": expect.stringMatching(/GET.*POST.*PATCH.*DELETE.*OPTIONS/),
        "access-control-allow-headers": expect.stringMatching(/Content-Type.*Authorization/),
      });
    }
  });

  test("headers of every answer: security, CORS with the configured origin and never the caller's, no-store", async () => {
    const answers = [
      await app.anyone.get("/health"),
      await app.anyone.get("/nope", { headers: { Origin: "https://evil.example" } }),
      await app.anyone.post("/api/auth/guest", {}, { headers: { Origin: "https://evil.example" } }),
      await app.admin.post("/api/entities/Product", "{"),
    ];
    for (const { headers } of answers)
      expect(headersOf(headers)).toMatchObject({
        ...SECURITY,
        ...CORS,
        "content-type": "application/json",
        "cache-control": "no-store",
      });
  });

  test("H-CSRF: by Origin, else by Referer, unless a bearer token is there", async () => {
    const guest = (headers: Readonly<Record<string, string>>, by = app.anyone) =>
      by.post("/api/auth/guest", {}, { headers });
    const refused: readonly Readonly<Record<string, string>>[] = [
      { Origin: "https://evil.example" },
      { Referer: "https://evil.example/page" },
      { Origin: "null" },
      { Origin: "https://app.example.evil.example" },
    ];
    for (const headers of refused) expect(await guest(headers)).toMatchObject(refusal(403, "CSRF_REJECTED"));
    const allowed: readonly Readonly<Record<string, string>>[] = [
      {},
      { Origin: "https://app.example" },
      { Referer: "https://app.example/page?x=1" },
      { Origin: "https://planboard.example" },
      { Origin: "http://localhost:5173" },
      { Origin: "http://127.0.0.1:9" },
    ];
    for (const headers of allowed) expect((await guest(headers)).status).toBe(201);
    expect((await guest({ Origin: "https://evil.example" }, app.ann)).status).toBe(201);
    expect((await app.anyone.get("/health", { headers: { Origin: "https://evil.example" } })).status).toBe(200);
  });

  test("who calls: any case of Bearer, cookie without token, broken keys are told, unknown sessions are anonymous", async () => {
    const me = (authorization: string) => app.anyone.get("/api/auth/me", { headers: { Authorization: authorization } });
    expect(await me(`bearer ${app.ann.token}`)).toMatchObject({ json: { user_id: app.ann.userId } });
    expect(await me(`Bearer pylon_${"0".repeat(64)}`)).toMatchObject({ status: 200, json: { user_id: null } });
    expect(await me("Bearer pk.no.such")).toMatchObject(refusal(401, "INVALID_API_KEY"));
    const cookie = { headers: { Cookie: `a=b; planboard_session=${app.ann.token}` } };
    expect(await app.anyone.get("/api/auth/me", cookie)).toMatchObject({ json: { user_id: app.ann.userId } });
    expect(await app.bob.get("/api/auth/me", cookie)).toMatchObject({ json: { user_id: app.bob.userId } });
  });

  test("JSON: empty, broken and too deep are INVALID_JSON; a body that is no object INVALID_DATA; the type is not looked at", async () => {
    const post = (body: string, headers = {}) => app.admin.post("/api/entities/Product", body, { headers });
    for (const body of ["", "{", "nul", "[".repeat(600) + "]".repeat(600)])
      expect(await post(body)).toMatchObject(refusal(400, "INVALID_JSON"));
    for (const body of ["[]", "5", "null", '"x"']) expect(await post(body)).toMatchObject(refusal(400, "INVALID_DATA"));
    expect((await post(JSON.stringify(product()), { "Content-Type": "text/html" })).status).toBe(201);
  });
});

test("limits of 1.6: body, requests of one address, requests of one signed-in caller; health and OPTIONS are free", async () => {
  const { server, admin, anyone, url } = await startPlanboard("default", {
    PYLON_HTTP_BODY_MAX_BYTES: "2000",
    PYLON_RATE_LIMIT_MAX: "40",
    PYLON_RATE_LIMIT_MAX_AUTHED: "25",
  });
  const dot = await signedIn(admin, "dot");
  const tooLarge = await anyone.post("/api/entities/Product", " ".repeat(3000));
  expect(tooLarge).toMatchObject(refusal(413, "PAYLOAD_TOO_LARGE"));
  expect(tooLarge.headers.get("content-type")).toBe("application/json");

  const until429 = async (by: typeof dot | typeof anyone): Promise<number> => {
    for (let count = 0; count < 200; count++) {
      const answer = await by.get("/api/auth/me");
      if (answer.status === 200) continue;
      expect(answer).toMatchObject(refusal(429, "RATE_LIMITED"));
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      return count;
    }
    return 200;
  };
  expect(await until429(dot)).toBe(25);
  expect(await until429(api(url))).toBeLessThanOrEqual(40);
  expect((await anyone.get("/health")).status).toBe(200);
  expect((await anyone.request("OPTIONS", "/api/auth/me")).status).toBe(204);
  await server.stop();
});
