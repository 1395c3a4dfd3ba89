import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleServer } from "../../../generator/5-write/bundle.ts";
import { BundleError } from "../../../generator/5-write/bundle-error.ts";
import { bundlePage } from "../../../generator/5-write/bundle-page.ts";
import { checkDriver, driver } from "../../../generator/5-write/sqlite-beside.ts";
import { writeDist } from "../../../generator/5-write/write-dist.ts";
import { EnvironmentError } from "../../../generator/environment-error.ts";

const SERVER = `
import { hashSync } from "@node-rs/argon2";
import Database from "better-sqlite3";
import { WebSocketServer } from "ws";
import { TABLE } from "./todo.ts";
const db = new Database(":memory:", { nativeBinding: new URL("./better_sqlite3.node", import.meta.url).pathname });
db.exec(TABLE);
const { n } = db.prepare("SELECT count(*) AS n FROM Todo").get() as { n: number };
console.log(JSON.stringify({ n, argon2: hashSync("x").slice(0, 9), ws: typeof WebSocketServer }));
`;
const files = [
  { path: "_generated/server/app.ts", text: SERVER },
  { path: "_generated/server/todo.ts", text: 'export const TABLE = "CREATE TABLE Todo (id TEXT)";\n' },
];

let app = "";
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "pylon-bundle-"));
});
afterAll(() => rmSync(app, { recursive: true }));

function run(folder: string): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["server.js"], { cwd: folder, env: {} });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (err += chunk));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

describe("the server", () => {
  test("is bundled from memory and runs in an empty folder and below a CommonJS package.json", async () => {
    const bundled = await bundleServer(app, files);
    expect(bundled.files.map((f) => f.path).sort()).toEqual([
      expect.stringMatching(/^argon2\..*\.node$/),
      "better_sqlite3.node",
      "package.json",
      "server.js",
      "server.js.map",
    ]);
    // Neither the app's folder nor a generated file was touched.
    expect(readdirSync(app)).toEqual([]);
    writeDist(app, bundled.files, []);

    const empty = mkdtempSync(join(tmpdir(), "pylon-empty-"));
    const commonJs = mkdtempSync(join(tmpdir(), "pylon-commonjs-"));
    writeFileSync(join(commonJs, "package.json"), '{ "type": "commonjs" }');
    cpSync(join(app, "dist"), empty, { recursive: true });
    cpSync(join(app, "dist"), join(commonJs, "dist"), { recursive: true });
    for (const folder of [empty, join(commonJs, "dist")]) {
      const { code, out, err } = await run(folder);
      expect({ code, out, err }).toEqual({ code: 0, out: '{"n":0,"argon2":"$argon2id","ws":"function"}\n', err: "" });
    }
    rmSync(empty, { recursive: true });
    rmSync(commonJs, { recursive: true });
  });

  test("carries an addon only if it is used", async () => {
    const bundled = await bundleServer(app, [{ path: "_generated/server/app.ts", text: "console.log(1);\n" }]);
    expect(bundled.files.map((f) => f.path).sort()).toEqual(["package.json", "server.js", "server.js.map"]);
  });

  test("says so on another Node", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pylon-other-"));
    const { files: dist } = await bundleServer(app, [{ path: "_generated/server/app.ts", text: "console.log(1);\n" }]);
    writeDist(folder, dist, []);
    const place = join(folder, "dist/server.js");
    writeFileSync(place, readFileSync(place, "utf8").replace(driver.unfit, "true"));
    const { code, out, err } = await run(join(folder, "dist"));
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain(`NODE_MISMATCH: This server was built for ${driver.runsOn} on ${process.platform}`);
    rmSync(folder, { recursive: true });
  });

  test("is not tried without the driver of this Node: that is no mistake of the app", () => {
    expect(() => checkDriver()).not.toThrow();
    expect(() => checkDriver(join(app, "better_sqlite3.node"))).toThrow(EnvironmentError);
  });

  test("a missing import is the app's mistake, with its place", async () => {
    const broken = bundleServer(app, [{ path: "_generated/server/app.ts", text: 'import "./nothing.ts";\n' }]);
    await expect(broken).rejects.toThrow(BundleError);
    await expect(broken).rejects.toThrow("./nothing.ts");
  });
});

describe("the page", () => {
  test("gets hashed names, its styles and React from the toolchain", async () => {
    mkdirSync(join(app, "web"), { recursive: true });
    writeFileSync(
      join(app, "web/index.html"),
      '<html><head><link rel="stylesheet" href="https://cdn.test/a.css"></head><body><script type="module" src="./main.tsx"></script></body></html>',
    );
    writeFileSync(
      join(app, "web/main.tsx"),
      'import { useState } from "react"; import { name } from "../_generated/client.ts"; import "./style.css";\n' +
        "export const App = () => <p>{name}{useState(0)[0]}</p>;\n",
    );
    writeFileSync(join(app, "web/style.css"), "p { color: red }");
    const page = await bundlePage(app, [
      { path: "_generated/client.ts", text: 'export const name = "from memory";\n' },
    ]);
    const text = (pattern: RegExp) =>
      Buffer.from(page.files.find((f) => pattern.test(f.path))?.content ?? []).toString("utf8");
    expect(page.files.map((f) => f.path.replace(/-[A-Z0-9]{8}\./, "-HASH.")).sort()).toEqual([
      "public/assets/main-HASH.css",
      "public/assets/main-HASH.js",
      "public/index.html",
    ]);
    expect(text(/index\.html$/)).toMatch(
      /^<html><head><link rel="stylesheet" href="https:\/\/cdn\.test\/a\.css"><link rel="stylesheet" href="\/assets\/main-\w{8}\.css"><\/head><body><script type="module" src="\/assets\/main-\w{8}\.js"><\/script><\/body><\/html>$/,
    );
    expect(text(/\.js$/)).toContain("from memory");
    expect(page.inputs.map((path) => path.slice(app.length + 1)).sort()).toEqual([
      "web/index.html",
      "web/main.tsx",
      "web/style.css",
    ]);
  });

  test("what an earlier codegen left in dist goes, and nothing else", () => {
    const content = Buffer.from("x");
    writeDist(app, [{ path: "public/assets/main-OLD.js", content }], []);
    writeFileSync(join(app, "dist/mine.txt"), "");
    expect(writeDist(app, [{ path: "server.js", content }], ["public/assets/main-OLD.js"])).toEqual(["server.js"]);
    expect(readdirSync(join(app, "dist/public/assets"))).toEqual([]);
    expect(readdirSync(join(app, "dist"))).toContain("mine.txt");
  });
});
