import { spawn } from "node:child_process";

/** Runs a server until it ends, in this terminal; the signals that this process gets are passed on. Gives its exit code. */
export function runForeground(
  entry: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  stop: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--enable-source-maps", entry], { cwd, env: { ...env }, stdio: "inherit" });
    const end = (): void => void child.kill("SIGTERM");
    if (stop.aborted) end();
    stop.addEventListener("abort", end, { once: true });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGTERM" && stop.aborted ? 0 : 1)));
  });
}
