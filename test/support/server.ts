import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { runCli } from "./cli.ts";
import { readTree } from "./files.ts";

/** Path below the app's folder → text. */
export type AppFiles = Readonly<Record<string, string>>;

export interface BuiltApp {
  readonly folder: string;
  /** The folder with server.js. */
  readonly dist: string;
  /** What codegen printed on stderr. */
  readonly warnings: readonly string[];
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dbPath: string;
  /** Lines of stderr until now. */
  readonly log: readonly string[];
  /** Settles with the exit code, null after a signal. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, then waits for the end. */
  stop(): Promise<number | null>;
  kill9(): Promise<void>;
}

/** What lies beside the sources of a fixture and is made anew. */
const MADE = /\/(_generated|dist|\.pylon|expect|node_modules)(\/|$)/;

const folders: string[] = [];
const servers = new Set<RunningServer>();
const apps = new Map<string, Promise<BuiltApp>>();

afterAll(async () => {
  await Promise.all([...servers].map((server) => server.kill9()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  apps.clear();
});

/** A folder that goes away at the end of the test file. */
export function temporaryFolder(prefix = "pylon-test-"): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.push(folder);
  return folder;
}

/** Builds a copy of an app with codegen, once a test file for the same content and words. Throws what codegen says when it fails. */
export function buildApp(source: string | AppFiles, words: readonly string[] = []): Promise<BuiltApp> {
  const key = contentKey(source, words);
  const known = apps.get(key) ?? build(source, words);
  apps.set(key, known);
  return known;
}

function contentKey(source: string | AppFiles, words: readonly string[]): string {
  const files =
    typeof source === "string"
      ? readTree(source).filter(({ path }) => !MADE.test(`/${path}`))
      : Object.entries(source).map(([path, text]) => ({ path, text }));
  return createHash("sha256").update(JSON.stringify({ files, words })).digest("hex");
}

async function build(source: string | AppFiles, words: readonly string[]): Promise<BuiltApp> {
  const folder = temporaryFolder("pylon-app-");
  if (typeof source === "string")
    cpSync(source, folder, { recursive: true, filter: (path) => !MADE.test(path.slice(source.length)) });
  else
    for (const [path, text] of Object.entries(source)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  const { code, err } = await runCli(["codegen", ...words], folder);
  if (code !== 0) throw new Error(`codegen ended with ${code}:\n${err.join("\n")}`);
  return { folder, dist: join(folder, "dist"), warnings: err };
}

/** Settings that tests do not run into; a test of a limit sets its own. */
const LIFTED = {
  PYLON_ADMIN_TOKEN: "secretsecretsecretsecret",
  PYLON_RATE_LIMIT_MAX: "100000000",
  PYLON_RATE_LIMIT_MAX_AUTHED: "100000000",
  PYLON_LOGIN_MAX_PER_MINUTE: "100000000",
  PYLON_LOGIN_MAX_PER_HOUR: "100000000",
  PYLON_SIGNUP_MAX_PER_MINUTE: "100000000",
};

/** Without PYLON_DB_PATH the database is a new file. `words` follow `server.js`. */
export interface StartOptions {
  readonly words?: readonly string[];
  /** Milliseconds until `listening`. */
  readonly startMs?: number;
  /** Another Node than that of the tests: its executable. */
  readonly node?: string;
}

/**
 * Starts `dist/server.js` as a process of its own on a free port. An environment value of undefined takes a setting away.
 * Throws with the log when the process ends, or says nothing in time, before it listens.
 */
export async function startServer(
  { dist }: Pick<BuiltApp, "dist">,
  env: Readonly<Record<string, string | undefined>> = {},
  { words = [], startMs = 20_000, node = process.execPath }: StartOptions = {},
): Promise<RunningServer> {
  const dbPath = env.PYLON_DB_PATH ?? join(temporaryFolder("pylon-db-"), "app.db");
  const child = spawn(node, ["--enable-source-maps", join(dist, "server.js"), ...words], {
    cwd: dist,
    env: { PATH: process.env.PATH, ...LIFTED, PYLON_PORT: "0", PYLON_DB_PATH: dbPath, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const log: string[] = [];
  const exited = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
  const port = await listeningPort(child, log, exited, startMs);
  const server: RunningServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    dbPath,
    log,
    exited,
    stop: () => end(child, "SIGTERM", exited),
    kill9: async () => void (await end(child, "SIGKILL", exited)),
  };
  servers.add(server);
  void exited.then(() => servers.delete(server));
  return server;
}

function end(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<number | null>): Promise<number | null> {
  child.kill(signal);
  return exited;
}

function listeningPort(
  child: ChildProcess,
  log: string[],
  exited: Promise<number | null>,
  startMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(`the server ${why}:\n${log.join("\n")}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${startMs} ms`), startMs);
    void exited.then((code) => fail(`ended with ${code}`)).finally(() => clearTimeout(timer));
    let rest = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      log.push(...lines);
      const port = lines.map((line) => /\blistening\b.*\bport=(\d+)/.exec(line)?.[1]).find((found) => found);
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}
