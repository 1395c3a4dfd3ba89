import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { sqliteDriver } from "../../scripts/sqlite-driver.js";
import { root } from "../support/files.ts";
import { buildApp, startServer, temporaryFolder } from "../support/server.ts";

const run = promisify(execFile);
const TODO = join(root, "fixtures/apps/todo");

/** The files of `dist/` alone in a folder from which no `node_modules` can be reached. */
async function shipped(folder: string): Promise<string> {
  const { dist } = await buildApp(TODO);
  mkdirSync(folder, { recursive: true });
  cpSync(dist, folder, { recursive: true });
  return folder;
}

async function signsIn(dist: string, node = process.execPath): Promise<void> {
  const server = await startServer({ dist }, {}, { node });
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };
  const account = { email: "ann@example.com", password: "correct horse battery" };
  const registered = await post("/api/auth/password/register", { ...account, displayName: "Ann" });
  expect(registered, JSON.stringify(registered)).toMatchObject({ status: 200 });
  const signedIn = await post("/api/auth/password/login", account);
  expect(signedIn).toMatchObject({ status: 200, json: { user_id: registered.json.user_id } });
  const headers = { authorization: `Bearer ${signedIn.json.token}` };
  const me = await (await fetch(`${server.url}/api/auth/me`, { headers })).json();
  expect(me).toMatchObject({ user_id: registered.json.user_id });
  expect((await fetch(server.url)).headers.get("content-type")).toContain("text/html");
  expect(await server.stop()).toBe(0);
}

test("dist/ alone in a folder starts with plain node and signs a user in", async () => {
  const folder = await shipped(temporaryFolder());
  expect(readdirSync(folder)).not.toContain("node_modules");
  await signsIn(folder);
});

test("and so it does below a CommonJS package.json", async () => {
  const above = temporaryFolder();
  writeFileSync(join(above, "package.json"), '{ "name": "above", "type": "commonjs" }\n');
  await signsIn(await shipped(join(above, "server")));
});

test("nothing in it names a place of the machine that built it", async () => {
  const { dist, folder } = await buildApp(TODO);
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" }))
    if (/\.(js|map|json|html|css)$/.test(path))
      for (const place of [root, root.slice(1), folder, folder.slice(1)])
        expect(readFileSync(join(dist, path), "utf8").includes(place), `${path} names ${place}`).toBe(false);
  const { sources } = JSON.parse(readFileSync(join(dist, "server.js.map"), "utf8")) as { sources: string[] };
  expect(sources).toContain("../_generated/server/todo.ts");
  expect(sources).toContain("pylon/runtime-core/net/server.ts");
  expect(sources).toContain("node_modules/ws/lib/websocket.js");
});

/** What `server.js` says on a Node where it does not run. */
async function refusal(dist: string, node: string): Promise<unknown> {
  return run(node, [join(dist, "server.js")]).catch((error: unknown) => error);
}

const told = {
  code: 3,
  stdout: "",
  stderr: expect.stringMatching(
    /^NODE_MISMATCH: This server was built for Node [^\n]* on \w+ \w+, and this is Node \d[^\n]*\n[^\n]*pylon codegen[^\n]*\n$/,
  ),
};

test("a Node that it does not run on is told what to do, with code 3", async () => {
  const folder = await shipped(temporaryFolder());
  const entry = join(folder, "server.js");
  const text = readFileSync(entry, "utf8");
  const otherwise = text.replace(sqliteDriver(root).unfit, "true");
  expect(otherwise).not.toBe(text);
  writeFileSync(entry, otherwise);
  expect(await refusal(folder, process.execPath)).toMatchObject(told);
});

/** Executables of other Nodes, as a PATH lists folders. */
const others = (process.env.PYLON_TEST_NODES ?? "").split(delimiter).filter((node) => node !== "");

describe.skipIf(others.length === 0)("what this Node built", () => {
  const isOld = (version: string): boolean => version.startsWith("20.");

  test.each(others)("runs on the Nodes that have the same driver, and on no other: %s", async (node) => {
    const version = (await run(node, ["-p", "process.versions.node"])).stdout;
    const folder = await shipped(temporaryFolder());
    if (isOld(version) === isOld(process.versions.node)) return signsIn(folder, node);
    expect(await refusal(folder, node)).toMatchObject(told);
  });
});
