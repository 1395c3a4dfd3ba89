import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Message } from "esbuild";
import { type AppBundle, bundleApp } from "./app-bundle.ts";
import type { RunReport } from "./inside-worker.ts";

export type RunOutcome =
  | { readonly kind: "ran"; readonly bundle: AppBundle; readonly report: RunReport }
  | { readonly kind: "syntax"; readonly errors: readonly Message[] }
  | { readonly kind: "threw"; readonly bundle: AppBundle; readonly message: string; readonly stack: string }
  | { readonly kind: "timeout"; readonly bundle: AppBundle };

/** How long app.ts may take, in ms. */
export const APP_RUN_MS_MAX = 5000;

/** Text, since a thread that is started before the bundle exists has no file of its own to run. */
const BOOT = `
const { parentPort } = require("node:worker_threads");
parentPort.once("message", (url) => import(url).catch((error) =>
  parentPort.postMessage({ kind: "threw", message: String(error?.message ?? error), stack: String(error?.stack ?? "") })));
`;

type WorkerMessage =
  | { readonly kind: "done"; readonly report: RunReport }
  | { readonly kind: "threw"; readonly message: string; readonly stack: string };

/** Bundles app.ts while the thread starts (37 ms), then runs it there. */
export const runApp = async (
  appFile: string,
  env: Readonly<Record<string, string | undefined>>,
  timeMs: number = APP_RUN_MS_MAX,
): Promise<RunOutcome> => {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const worker = new Worker(BOOT, {
    eval: true,
    env: Object.fromEntries(set),
    execArgv: [],
    workerData: dirname(appFile),
  });
  const folder = mkdtemp(join(tmpdir(), "pylon-load-"));
  try {
    const built = await bundleApp(appFile);
    if (built.kind === "failed") return { kind: "syntax", errors: built.errors };
    const file = join(await folder, "app.mjs");
    await writeFile(file, built.bundle.code);
    return { bundle: built.bundle, ...(await outcome(worker, pathToFileURL(file).href, timeMs)) };
  } finally {
    await Promise.all([worker.terminate(), folder.then((path) => rm(path, { recursive: true, force: true }))]);
  }
};

type Ended =
  | { readonly kind: "ran"; readonly report: RunReport }
  | { readonly kind: "threw"; readonly message: string; readonly stack: string }
  | { readonly kind: "timeout" };

const outcome = (worker: Worker, url: string, timeMs: number): Promise<Ended> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: "timeout" }), timeMs);
    const end = (ended: Ended): void => {
      clearTimeout(timer);
      resolve(ended);
    };
    worker.on("message", (message: WorkerMessage) =>
      end(message.kind === "done" ? { kind: "ran", report: message.report } : message),
    );
    worker.on("error", (error: unknown) =>
      end(
        error instanceof Error
          ? { kind: "threw", message: error.message, stack: error.stack ?? "" }
          : { kind: "threw", message: String(error), stack: "" },
      ),
    );
    worker.on("exit", (code) =>
      end({ kind: "threw", message: `app.ts ended its thread with code ${code}`, stack: "" }),
    );
    worker.postMessage(url);
  });
