import { join } from "node:path";
import { expect, test } from "vitest";
import { api } from "./client.ts";
import { root } from "./files.ts";
import { buildApp, startServer } from "./server.ts";

const TODO = join(root, "fixtures/apps/todo");

test("a built app is made once for the same content, serves on a free port, and stops", async () => {
  const [first, second] = await Promise.all([buildApp(TODO), buildApp(TODO)]);
  expect(second).toBe(first);
  const server = await startServer(first);
  expect(await api(server.url).get("/health")).toMatchObject({ status: 200, json: { status: "ok" } });
  expect(await server.stop()).toBe(0);
});

test("a start that fails is told with the log", async () => {
  const app = await buildApp(TODO);
  await expect(startServer(app, { PYLON_PORT: "many" })).rejects.toThrow(/ended with 3:\nPYLON_PORT must be/);
});
