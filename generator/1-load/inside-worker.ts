/** Bundled in front of app.ts and run in the worker thread: holds stdout, watches the environment, hands over what came out. */
import { parentPort, workerData } from "node:worker_threads";
import { buildManifest } from "../dsl/app.ts";
import { openChannel } from "../dsl/positions.ts";
import type { Stray } from "../dsl/strays.ts";

export interface RunReport {
  /** What the app printed. */
  readonly printed: string;
  /** Its default export as JSON, when that is an app. */
  readonly exported: string | null;
  readonly positions: ReadonlyMap<string, string>;
  readonly arrows: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  readonly strays: readonly Stray[];
  readonly envRead: Readonly<Record<string, string | undefined>>;
}

const channel = openChannel(String(workerData));
const printed: string[] = [];
const envRead: Record<string, string | undefined> = {};

process.stdout.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
  printed.push(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk));
  const done = rest.find((argument) => typeof argument === "function");
  if (done !== undefined) queueMicrotask(() => done());
  return true;
};

/** As given: what the app sets itself is not read from outside. */
const given = { ...process.env };

const remember = (name: string | symbol): void => {
  if (typeof name === "string") envRead[name] = given[name];
};

process.env = new Proxy(process.env, {
  get: (env, name) => {
    remember(name);
    return Reflect.get(env, name);
  },
  // The default would define the property on the proxy, which an environment refuses.
  set: (env, name, value) => Reflect.set(env, name, value),
  has: (env, name) => {
    remember(name);
    return Reflect.has(env, name);
  },
  // Whoever lists the names has read them all.
  ownKeys: (env) => {
    const names = Reflect.ownKeys(env);
    for (const name of names) remember(name);
    return names;
  },
});

/**
 * An app is done when it exports itself or has printed a manifest. One that prints later, from a callback, is done when nothing
 * is left to wait for.
 */
export const finish = (app: object): void => {
  const exported = "default" in app ? exportedManifest(app.default) : null;
  if (exported !== null || isJson(printed.join(""))) report(exported);
  else process.once("beforeExit", () => report(null));
};

// `process.exit()` right after printing skips `beforeExit`. Any other code is a failure, which the thread's owner sees.
process.once("exit", (code) => {
  if (code === 0) report(null);
});

let reported = false;

const report = (exported: string | null): void => {
  if (reported) return;
  reported = true;
  const { positions, arrows, reads, strays } = channel;
  const message: RunReport = { printed: printed.join(""), exported, positions, arrows, reads, strays, envRead };
  parentPort?.postMessage({ kind: "done", report: message });
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** `export default app({…})`, or the plain object that one would give to `app`. */
const exportedManifest = (value: unknown): string | null => {
  if (typeof value !== "object" || value === null) return null;
  if ("manifest_version" in value) return JSON.stringify(value);
  if (!("entities" in value) || !Array.isArray(value.entities)) return null;
  return JSON.stringify(buildManifest(value as Parameters<typeof buildManifest>[0]));
};
