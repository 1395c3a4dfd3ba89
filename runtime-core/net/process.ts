import type { Server } from "node:http";
import { type CrashPoint, setCrashHook } from "../kernel/crash.ts";
import { type Logger, thrownFields } from "../kernel/log.ts";
import { type Config, ConfigError } from "./config.ts";

/**
 * A throw that nobody awaited must not end the process: it comes from app code (a timer, a forgotten promise) whose unit of work is
 * over, and other callers' work is under way. Our own state is changed in transactions and in straight-line code only.
 */
export function guardProcess(process: NodeJS.Process, log: Logger): void {
  process.on("unhandledRejection", (reason) => log.error("unhandled rejection", thrownFields(reason)));
  process.on("uncaughtException", (thrown) => log.error("uncaught exception", thrownFields(thrown)));
}

/** Runs `stop` once on SIGTERM or SIGINT and exits with 0; a second signal exits at once. */
export function stopOnSignals(process: NodeJS.Process, log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info("stopping", { signal });
    stop().then(
      () => process.exit(0),
      (thrown) => {
        log.error("stop failed", thrownFields(thrown));
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/** PYLON_CRASH_AT=`point` or `point:n`: the process is killed the n-th time it comes there. For tests of the write path. */
export function crashFromEnvironment(process: NodeJS.Process): void {
  const wanted = process.env.PYLON_CRASH_AT;
  if (wanted === undefined || wanted === "") return;
  const [point, count = "1"] = wanted.split(":");
  let left = Number(count);
  setCrashHook((reached: CrashPoint) => {
    if (reached === point && --left === 0) process.kill(process.pid, "SIGKILL");
  });
}

/** Ends the process with code 3, which means that the environment is at fault, after saying how. */
export function refuseToStart(problems: readonly string[]): never {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exit(3);
}

/** What went wrong before the server could listen, one line each: settings, schema, a lock. Anything else is thrown on, as a bug. */
export function startProblems(thrown: unknown): readonly string[] {
  if (thrown instanceof ConfigError) return thrown.problems;
  if (thrown instanceof RangeError) return [thrown.message];
  if (thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE" && "port" in thrown)
    return [`Port ${thrown.port} is taken.`, "Stop the other program, or set PYLON_PORT."];
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") {
    const hint = "hint" in thrown && typeof thrown.hint === "string" ? [thrown.hint] : [];
    return [`${thrown.code}: ${thrown.message}`, ...hint];
  }
  throw thrown;
}

/** Resolves with the port that the server listens on. Rejects when it is taken. */
export function listen(server: Server, { port, host }: Pick<Config, "port" | "host">): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host ?? undefined, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
