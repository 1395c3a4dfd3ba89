import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/files.ts";
import { notesApp } from "./notes-app.ts";
import { freePort, running, takenPort } from "./running.ts";

const version = async (port: number): Promise<unknown> => {
  const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { readonly version: unknown };
  return health.version;
};

/** The program itself, since `start` gives its terminal to the server. */
function program(folder: string, words: readonly string[]) {
  const child = spawn(process.execPath, [join(root, "bin/pylon.js"), ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const ended = once(child, "close").then(([code]: (number | null)[]) => code ?? null);
  return { child, ended, said: () => said };
}

test("start serves until it is told to end; a taken port is exit 3 with what to do", async () => {
  const { folder, cli } = notesApp();
  expect(await cli("codegen")).toMatchObject({ code: 0 });
  const port = await freePort();
  const first = program(folder, ["start", "--port", String(port)]);
  await expect.poll(first.said, { timeout: 20_000 }).toContain("listening");
  expect(await version(port)).toBe("1.0.0");
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);

  const { close, port: taken } = await takenPort();
  const second = program(folder, ["start", "--port", String(taken)]);
  expect(await second.ended).toBe(3);
  expect(second.said()).toContain(`Port ${taken} is taken.\nStop the other program, or set PYLON_PORT.\n`);
  await close();
});

test("dev refuses a taken port with exit 3, before it builds anything", async () => {
  const { folder, cli } = notesApp();
  const { port, close } = await takenPort();
  const words = ["dev", "--port", String(port)];
  expect(await cli(...words)).toMatchObject({
    code: 3,
    err: [`pylon: port ${port} is taken\nstop the other program, or pass --port`],
  });
  const { code, out } = await cli(...words, "--json");
  expect([code, JSON.parse(out.join("\n"))]).toMatchObject([3, { code: "DEV_FAILED" }]);
  await close();
  expect(existsSync(join(folder, "dist"))).toBe(false);
});

test("dev --no-watch serves page and API, and says once and first what dev mode means", async () => {
  const { folder } = notesApp(true);
  const port = await freePort();
  const dev = running(["dev", "--no-watch", "--port", String(port)], folder);
  await dev.says(`  page    http://localhost:${port}`);
  await dev.says("✓ ready in");
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<main id="app">');
  dev.stop();
  expect(await dev.ended).toBe(0);
  expect(dev.text().match(/may act as anyone/g)).toHaveLength(1);
  expect(dev.text()).toMatch(/^dev mode: anyone who reaches/);
});

test("dev --no-watch of an app with an error ends with 1", async () => {
  const { change, cli } = notesApp();
  change("data.ownerId", "data.owner");
  expect(await cli("dev", "--no-watch", "--port", String(await freePort()))).toMatchObject({ code: 1 });
});

test("--fresh does not delete a database that lies outside the app", async () => {
  const { folder } = notesApp();
  const dev = running(["dev", "--fresh", "--port", String(await freePort())], folder, {
    env: { PYLON_DB_PATH: "../elsewhere.db" },
  });
  expect(await dev.ended).toBe(2);
  expect(dev.text()).toMatch(/elsewhere\.db is not in the app's folder/);
});

test("dev builds and restarts after a change; an error keeps the last good server", { timeout: 60_000 }, async () => {
  const { folder, change } = notesApp();
  const port = await freePort();
  const dev = running(["dev", "--port", String(port)], folder);
  await dev.says("✓ ready in");
  expect(await version(port)).toBe("1.0.0");

  change('"1.0.0"', '"1.1.0"');
  await dev.says(/~ app\.ts {2}✓ \d+ files? changed.*, restarted/);
  expect(await version(port)).toBe("1.1.0");

  change('"1.1.0"', '"1.2.0", wrong');
  await dev.says(/~ app\.ts {2}✗ still serving the last good build/);
  expect(await version(port)).toBe("1.1.0");

  change('"1.2.0", wrong', '"1.2.0"');
  await dev.says(/~ app\.ts {2}✓ .*restarted/);
  expect(await version(port)).toBe("1.2.0");
  dev.stop();
  expect(await dev.ended).toBe(0);
  await expect(version(port)).rejects.toThrow();
});

test("dev offers to empty its database when the schema needs it, and does so for --fresh", {
  timeout: 60_000,
}, async () => {
  const { folder, change } = notesApp();
  const port = await freePort();
  const words = ["dev", "--port", String(port)];
  const asked: string[] = [];
  const answers = ["n", "y"];
  const ask = async (question: string): Promise<string | null> => {
    asked.push(question);
    return answers.shift() ?? null;
  };
  const dev = running(words, folder, { ask });
  await dev.says("✓ ready in");
  change("title: field.string()", "title: field.int()");
  await dev.says("SCHEMA_CHANGED");
  await dev.says("the server ended with code 3 before it was ready");
  change('"1.0.0"', '"1.1.0"');
  await dev.says("the dev database was emptied");
  await dev.says(/~ app\.ts {2}✓ .*restarted/);
  expect(await version(port)).toBe("1.1.0");
  expect(asked).toHaveLength(2);
  dev.stop();
  expect(await dev.ended).toBe(0);

  change("title: field.int()", "title: field.string()");
  const unattended = running([...words, "--no-watch"], folder);
  expect(await unattended.ended).toBe(3);
  expect(unattended.text()).toMatch(/SCHEMA_CHANGED[\s\S]*Note\.title[\s\S]*--fresh/);

  const fresh = running([...words, "--no-watch", "--fresh"], folder);
  await fresh.says("✓ ready in");
  fresh.stop();
  expect(await fresh.ended).toBe(0);
});

test("check --watch reports again after each change", async () => {
  const { folder, change } = notesApp();
  const check = running(["check", "--watch"], folder);
  await check.says("✓ no problems");
  change("data.ownerId", "data.owner");
  await check.says("POLICY_UNKNOWN_FIELD");
  change('data.owner"', 'data.ownerId"');
  await check.says("✓ no problems");
  check.stop();
  expect(await check.ended).toBe(0);
});
