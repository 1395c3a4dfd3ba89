import { once } from "node:events";
import { createServer } from "node:net";
import { onTestFinished } from "vitest";
import type { Io } from "../../generator/cli/io.ts";
import { runCli } from "../support/cli.ts";

const PATIENCE_MS = 20_000;
const POLL_MS = 20;

export interface Running {
  readonly ended: Promise<number>;
  /** Stdout and stderr until now, as they came. */
  text(): string;
  /** Waits until the command says it, after what the call before waited for. */
  says(what: string | RegExp): Promise<void>;
  stop(): void;
}

/** A command that goes on until it is told to stop, in this process. */
export function running(words: readonly string[], folder: string, more: Partial<Io> = {}): Running {
  const lines: string[] = [];
  const stopping = new AbortController();
  const put = (line: string): void => void lines.push(line);
  const io = { env: { PATH: process.env.PATH }, out: put, err: put, stopSignal: () => stopping.signal, ...more };
  const ended = runCli(words, folder, io).then(({ code }) => code);
  onTestFinished(async () => {
    stopping.abort(); // A failed test leaves no server behind.
    await ended;
  });
  return { ended, text: () => lines.join("\n"), says: listener(() => lines.join("\n")), stop: () => stopping.abort() };
}

function listener(text: () => string): Running["says"] {
  let heard = 0;
  return async (what) => {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const rest = text().slice(heard);
      const at = typeof what === "string" ? rest.indexOf(what) : rest.search(what);
      if (at !== -1) {
        heard += at + 1;
        return;
      }
      if (Date.now() > until) throw new Error(`it did not say ${what}, but:\n${rest}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
}

/** A port that something holds until `close`. */
export async function takenPort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  const close = async (): Promise<void> => {
    probe.close();
    await once(probe, "close");
  };
  return { port: typeof address === "object" && address !== null ? address.port : 0, close };
}

export async function freePort(): Promise<number> {
  const { port, close } = await takenPort();
  await close();
  return port;
}
