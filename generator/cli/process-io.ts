import type { Io } from "./io.ts";

/** The process that the command line was started in. */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    outIsTty: process.stdout.isTTY === true,
    errIsTty: process.stderr.isTTY === true,
    elapsedMs: () => performance.now(),
    now: () => Date.now(),
    stopSignal,
    ask,
  };
}

function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130); // The second time means now.
      stopping.abort(signal);
    });
  return stopping.signal;
}

async function ask(question: string): Promise<string | null> {
  if (process.stdin.isTTY !== true) return null;
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
