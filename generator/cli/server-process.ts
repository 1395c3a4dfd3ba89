import { type ChildProcess, spawn } from "node:child_process";
import { createConnection, createServer } from "node:net";

/** After this long without leaving on SIGTERM a server in dev is killed. Milliseconds. */
const KILL_AFTER_MS = 3_000;
const READY_POLL_MS = 15;

export interface ServerExit {
  readonly code: number;
  /** It ended because it was told to. */
  readonly wanted: boolean;
  /** The last of what it wrote to stderr. */
  readonly tail: string;
}

export interface ServerProcess {
  readonly exited: Promise<ServerExit>;
  /** True when it listens, false when it ended first. */
  ready(): Promise<boolean>;
  stop(): Promise<ServerExit>;
}

export interface ServerOptions {
  readonly entry: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly port: number;
  readonly onError: (text: string) => void;
}

const TAIL_CHARS = 4_000;

export function startServer({ entry, cwd, env, port, onError }: ServerOptions): ServerProcess {
  const child = spawn(process.execPath, ["--enable-source-maps", entry], {
    cwd,
    env: { ...env },
    stdio: ["ignore", "inherit", "pipe"],
  });
  let tail = "";
  let wanted = false;
  let isOver = false;
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    tail = (tail + chunk).slice(-TAIL_CHARS);
    onError(chunk);
  });
  const exited = new Promise<ServerExit>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      isOver = true;
      resolve({ code: code ?? 1, wanted, tail });
    });
  });
  return {
    exited,
    ready: async () => {
      while (!isOver) {
        if (await answers(port)) return !isOver;
        await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
      }
      return false;
    },
    stop: async () => {
      wanted = true;
      return stopChild(child, exited);
    },
  };
}

async function stopChild(child: ChildProcess, exited: Promise<ServerExit>): Promise<ServerExit> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const end = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

/** Whether another program holds the port. Asked first, since its answer would be taken for our server's. */
export function portIsTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(true));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(false)));
  });
}
