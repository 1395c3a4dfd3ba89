import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { metaRoutes } from "../../../../runtime-core/features/meta/routes.ts";
import { ANONYMOUS } from "../../../../runtime-core/kernel/auth.ts";
import type { Call } from "../../../../runtime-core/net/ports.ts";

let ms = 5_000;
const options = {
  version: "0.1.0",
  clock: { now: () => 0, monotonic: () => ms },
  folder: mkdtempSync(join(tmpdir(), "pylon-meta-")),
  openapiPublic: false,
};
const manifest = '{"policies":[{"name":"p","entity":"Todo"}]}';
const manifestFull = '{"policies":[{"name":"p","entity":"Todo","allow":"true"}]}';
const openapi = '{"openapi":"3.1.0"}';
writeFileSync(join(options.folder, "manifest.json"), manifestFull);
writeFileSync(join(options.folder, "manifest.public.json"), manifest);
writeFileSync(join(options.folder, "openapi.json"), openapi);
const ADMIN = { ...ANONYMOUS, isAdmin: true };
const call = (method: string, path: string, search = "", auth = ANONYMOUS): Call => ({
  method,
  path,
  segments: path.slice(1).split("/"),
  search,
  auth,
  body: "",
  header: () => undefined,
  remote: "192.0.2.1",
});

test("H-HEALTH", () => {
  const handler = metaRoutes(options);
  ms += 61_500;
  expect(handler(call("GET", "/health", "x=1"))).toEqual({
    status: 200,
    body: '{"status":"ok","version":"0.1.0","uptime_secs":61}',
  });
});

test("H-MANIFEST: expressions are the admin's, and only when asked for", () => {
  const handler = metaRoutes(options);
  expect(handler(call("GET", "/api/manifest"))).toEqual({ status: 200, body: manifest });
  expect(handler(call("GET", "/api/manifest", "full=1"))).toEqual({ status: 200, body: manifest });
  expect(handler(call("GET", "/api/manifest", "", ADMIN))).toEqual({ status: 200, body: manifest });
  expect(handler(call("GET", "/api/manifest", "full=1", ADMIN))).toEqual({ status: 200, body: manifestFull });
});

test("H-OPENAPI: the admin's, or public by choice", () => {
  const handler = metaRoutes(options);
  expect(() => handler(call("GET", "/api/openapi.json"))).toThrow(
    expect.objectContaining({ code: "NOT_FOUND", status: 404, hint: expect.stringContaining("PYLON_OPENAPI_PUBLIC") }),
  );
  expect(handler(call("GET", "/api/openapi.json", "", ADMIN))).toEqual({ status: 200, body: openapi });
  const open = metaRoutes({ ...options, openapiPublic: true });
  expect(open(call("GET", "/api/openapi.json"))).toEqual({ status: 200, body: openapi });
});

test("anything else is not mine", () => {
  const handler = metaRoutes(options);
  for (const [method, path] of [
    ["POST", "/api/manifest"],
    ["GET", "/health/"],
    ["GET", "/metrics"],
  ] as const)
    expect(handler(call(method, path))).toBeNull();
});
