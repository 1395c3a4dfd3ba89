import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ADMIN_TOKEN, api } from "../support/client.ts";
import { problemsOf } from "../support/faults/feed-check.ts";
import { type FuzzReport, fuzz } from "../support/faults/fuzz.ts";
import { testScale, testSeed } from "../support/faults/random.ts";
import type { FuzzEntity, FuzzWorld } from "../support/faults/requests.ts";
import { withBug } from "../support/faults/seeded.ts";
import { root } from "../support/files.ts";
import { type BuiltApp, buildApp, type RunningServer, startServer } from "../support/server.ts";

const REQUESTS = 10_000 * testScale;
const RSS_MAX_MB = 400;

let app: BuiltApp;
let entities: readonly FuzzEntity[];
beforeAll(async () => {
  app = await buildApp(join(root, "fixtures/apps/kitchen-sink"));
  const manifest = JSON.parse(readFileSync(join(app.dist, "manifest.json"), "utf8")) as { entities: FuzzEntity[] };
  entities = manifest.entities;
});

const SETTINGS = {
  PYLON_SECRET: "a secret of at least 32 characters",
  PYLON_HTTP_BODY_MAX_BYTES: "65536",
};
const LIFTED = {
  ...SETTINGS,
  PYLON_REQUESTS_IN_FLIGHT_PER_ADDRESS_MAX: "100000",
  PYLON_SOCKETS_PER_ADDRESS_MAX: "100000",
};
/** Low enough that each of them is met. */
const LIMITED = {
  ...SETTINGS,
  PYLON_RATE_LIMIT_MAX: "500",
  PYLON_RATE_LIMIT_MAX_AUTHED: "3000",
  PYLON_RATE_LIMIT_WINDOW: "5",
  PYLON_REQUESTS_IN_FLIGHT_PER_ADDRESS_MAX: "24",
  PYLON_WRITE_QUEUE_MAX: "8",
  PYLON_SCAN_QUEUE_MAX: "4",
  PYLON_QUERY_MAX_LIMIT: "50",
  PYLON_PULL_MAX_ROWS: "50",
  PYLON_PUSH_MAX_CHANGES: "4",
  PYLON_JSON_MAX_DEPTH: "8",
  PYLON_SOCKETS_PER_ADDRESS_MAX: "40",
};

async function worldOf(server: RunningServer): Promise<FuzzWorld> {
  const tokens: string[] = [];
  for (const user of ["ann", "bob", "cid"]) {
    const answer = await api(server.url, ADMIN_TOKEN).post("/api/auth/session", { user_id: user });
    tokens.push((answer.json as { token: string }).token);
  }
  return { entities, adminToken: ADMIN_TOKEN, tokens, ids: new Map() };
}

async function fuzzed(dist: Pick<BuiltApp, "dist">, env: Readonly<Record<string, string>>, count: number) {
  const server = await startServer(dist, env);
  const report = await fuzz(server.port, await worldOf(server), testSeed, count);
  return { server, report };
}

function peakMb(pid: number): number {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(peak) / 1024;
}

async function expectUnharmed({ log, pid, url, dbPath, stop }: RunningServer, report: FuzzReport): Promise<void> {
  const statuses = Object.fromEntries([...report.statuses].sort(([a], [b]) => a - b));
  console.info({ seed: testSeed, sent: report.sent, statuses, peakMb: Math.round(peakMb(pid)) });
  expect(report.problems.slice(0, 10)).toEqual([]);
  expect(await api(url).get("/health")).toMatchObject({ status: 200 });
  expect(log.filter((line) => /^[0-9:]{8} error /.test(line)).slice(0, 5)).toEqual([]);
  expect(peakMb(pid)).toBeLessThan(RSS_MAX_MB);
  expect(await stop()).toBe(0);
  expect(problemsOf(dbPath, app.dist)).toEqual([]);
}

test(`${REQUESTS} fuzzed requests with limits lifted: no 5xx, no exit, a whole database`, {
  timeout: 60_000 * testScale,
}, async () => {
  const { server, report } = await fuzzed(app, LIFTED, REQUESTS);
  await expectUnharmed(server, report);
  expect(report.statuses.get(201)).toBeGreaterThan(REQUESTS / 50);
  expect(report.statuses.get(429)).toBe(undefined);
});

test(`${REQUESTS} fuzzed requests with limits on: no 5xx but a declared 503`, {
  timeout: 60_000 * testScale,
}, async () => {
  const { server, report } = await fuzzed(app, LIMITED, REQUESTS);
  await expectUnharmed(server, report);
  expect(report.statuses.get(429)).toBeGreaterThan(0);
  expect(report.statuses.get(503)).toBeGreaterThan(0);
  expect(report.statuses.get(413)).toBeGreaterThan(0);
});

test("negative control: a handler that looks names up in an object is found", async () => {
  const bug = await withBug(app, {
    path: "_generated/server/note.ts",
    from: "for (const key in body)",
    to: 'for (const key in body) if (key in {}) throw new TypeError("seeded"); else',
  });
  const { server, report } = await fuzzed(bug, LIFTED, 3_000);
  expect(report.problems).toEqual(expect.arrayContaining([expect.stringMatching(/^(a 5xx|a bug): .*Note/)]));
  expect(server.log.join("\n")).toContain("seeded");
});
