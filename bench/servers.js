/** The servers that are compared: how each is started, and when it answers. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { commandOf } from "./proc-cpu.js";
import { ADMIN_TOKEN } from "./works.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
export const APP = join(here, "app");
const WAIT_MS = 60_000;
/** Asking more often would take the CPU that the server starts with. */
const POLL_MS = 3;
const LIFTED = "100000000";

/** What a command may be before it is the server: the clock of a start begins after these. */
const WRAPPERS = new Set(["bash", "sh", "dash", "env", "chroot"]);

/** For profiles of floor and ours: `BENCH_NODE_ARGS="--cpu-prof --cpu-prof-dir=…"`. */
const nodeArgs = (process.env.BENCH_NODE_ARGS ?? "").split(" ").filter(Boolean);

const commands = {
  floor: () => [process.execPath, ...nodeArgs, join(here, "floor", "server.js")],
  ours: () => [process.execPath, ...nodeArgs, join(APP, "dist", "server.js")],
  durableFloor: () => [process.execPath, join(here, "floor", "server.js"), "FULL"],
  rival: (port) => [process.env.REAL_PYLON, join(here, "rival"), String(port)],
};

/** The servers of a run, in order: the rival only where it is named. */
export const SERVERS = process.env.REAL_PYLON ? ["floor", "ours", "rival"] : ["floor", "ours"];

/** Compiles the app for ours. */
export function compileOurs() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin", "pylon.js"), "codegen", APP], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`codegen of ${APP} ended with code ${status}\n${stdout}${stderr}`);
}

const isHealthy = (port) =>
  new Promise((resolve) => {
    get({ port, host: "127.0.0.1", path: "/health", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });

/** Servers that run: none outlives the harness, however it ends. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

/** A port that nobody listens on. */
async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Starts a server on an empty database. `startMs` is the time from its process to its first answer. */
export async function start(name) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  const [command, ...args] = commands[name](port);
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      PYLON_PORT: String(port),
      PYLON_HOST: "127.0.0.1",
      PYLON_DB_PATH: join(folder, "bench.db"),
      PYLON_ADMIN_TOKEN: ADMIN_TOKEN,
      PYLON_RATE_LIMIT_MAX: LIFTED,
      PYLON_RATE_LIMIT_MAX_AUTHED: LIFTED,
    },
  });
  const pid = child.pid;
  running.add(child);
  child.once("exit", () => running.delete(child));
  let errors = "";
  child.stderr.on("data", (part) => {
    errors = (errors + part).slice(-2_000);
  });
  let began = performance.now();
  const giveUp = began + WAIT_MS;
  while (name === "rival" && WRAPPERS.has(commandOf(pid)) && performance.now() < giveUp) {
    await sleep(1);
    began = performance.now();
  }
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null || performance.now() > giveUp) throw new Error(`${name} does not start:\n${errors}`);
    await sleep(POLL_MS);
  }
  const startMs = performance.now() - began;

  async function stop() {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return { name, port, pid, startMs, stop };
}
