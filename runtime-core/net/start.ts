import type { Server } from "node:http";
import { type Config, ConfigError } from "./config.ts";

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
