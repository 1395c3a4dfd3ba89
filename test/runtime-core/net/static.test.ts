import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { staticRoutes } from "../../../runtime-core/net/static.ts";
import { openServer, type Served } from "./world.ts";

let served: Served;
afterEach(() => served.close());

test("serves the files of the folder and nothing beside it", async () => {
  const root = mkdtempSync(join(tmpdir(), "pylon-static-"));
  const folder = join(root, "public");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(folder, "index.html"), "<p>żółw</p>");
  writeFileSync(join(folder, "main-AB12CD34.js"), "1");
  writeFileSync(join(folder, "sub", "a b.css"), "x");
  served = await openServer({ handler: staticRoutes(folder) });
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(served.url + path, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  const index = await get("/");
  expect(index.text).toBe("<p>żółw</p>");
  expect(index.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(index.headers.get("cache-control")).toBe("no-cache");
  expect(index.headers.get("x-content-type-options")).toBe("nosniff");
  expect((await get("/index.html?v=1")).status).toBe(200);
  const etag = index.headers.get("etag") ?? "";
  expect((await get("/", { headers: { "if-none-match": etag } })).status).toBe(304);
  const script = await get("/main-AB12CD34.js");
  expect(script.headers.get("cache-control")).toContain("immutable");
  expect((await get("/sub/a%20b.css")).text).toBe("x");
  expect((await get("/", { method: "HEAD" })).headers.get("content-length")).toBe("14");
  expect((await get("/", { method: "POST" })).status).toBe(404);
  for (const path of [
    "/sub",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/sub/..%2f..%2fsecret.txt",
    "//secret.txt",
    "/constructor",
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect(await served.raw("GET /../secret.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).toMatch(
    /^HTTP\/1.1 404/,
  );
  expect(staticRoutes(join(root, "none"))({ method: "GET" } as never)).toBeNull();
});
