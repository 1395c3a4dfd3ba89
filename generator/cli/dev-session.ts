import { existsSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { AppPlace } from "./app-file.ts";
import type { ExitCode, Io } from "./io.ts";
import { milliseconds, type Printer } from "./print.ts";
import { countsOf, type Done } from "./run-codegen.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

export interface DevOptions {
  readonly app: AppPlace;
  readonly io: Io;
  readonly print: Printer;
  readonly port: number;
  readonly env: Io["env"];
  readonly generate: (since: number) => Promise<Done | null>;
  readonly removeData: () => void;
  /** Empty the database without asking. */
  readonly yes: boolean;
}

/** One server that follows the app. It is replaced only by one that was generated without an error. */
export class DevSession {
  readonly #options: DevOptions;
  #server: ServerProcess | null = null;
  #rebuilds = 0;

  constructor(options: DevOptions) {
    this.#options = options;
  }

  /** The first build and start. With an error in the app there is no server yet, and the first good change starts it. */
  async begin(): Promise<void> {
    if (!(await this.#first())) this.#options.print.note("waiting for a change");
  }

  /** Builds and serves without following the app, until the server ends or `stop` ends it. */
  async once(stop: AbortSignal): Promise<ExitCode> {
    if (!(await this.#first())) return 1;
    const server = this.#server;
    if (server === null) return 3;
    const end = (): void => void server.stop();
    if (stop.aborted) end();
    stop.addEventListener("abort", end, { once: true });
    const { code, wanted } = await server.exited;
    return wanted || code === 0 ? 0 : 3;
  }

  /** False: the app has errors. */
  async #first(): Promise<boolean> {
    const { app, print, io, port, env } = this.#options;
    const done = await this.#options.generate(0);
    if (done === null) {
      print.record({ code: "DEV_FAILED", entry: app.shown });
      return false;
    }
    print.result(`pylon dev  ${basename(app.dir)}`);
    if (existsSync(join(app.dir, "dist/public/index.html"))) print.result(`  page    http://localhost:${port}`);
    print.result(`  api     http://localhost:${port}`);
    const data = relative(app.dir, env.PYLON_DB_PATH ?? "");
    print.result(`  data    ${data} (sqlite)     types   _generated/  (${done.changed + done.unchanged} files)`);
    if (await this.#restart()) print.result(`✓ ready in ${milliseconds(io.elapsedMs())}\n`);
    print.record({ code: this.#server === null ? "DEV_FAILED" : "DEV_OK", entry: app.shown, ...done.names });
    return true;
  }

  async changed(paths: readonly string[]): Promise<void> {
    const { app, print, io } = this.#options;
    const since = io.elapsedMs();
    const first = relative(app.dir, paths[0] ?? "").replaceAll(sep, "/");
    const event = `${clockTime(io.now())} ~ ${paths.length > 1 ? `${first} and ${paths.length - 1} more` : first}`;
    const done = await this.#options.generate(since);
    this.#rebuilds++;
    if (done === null) {
      print.result(`${event}  ✗ ${this.#server === null ? "no server yet" : "still serving the last good build"}`);
      print.record({ code: "DEV_FAILED", rebuild: this.#rebuilds, error: "the app has errors" });
      return;
    }
    const needsRestart = this.#server === null || done.distChanged.some((path) => !path.startsWith("public/"));
    const isUp = needsRestart ? await this.#restart() : true;
    if (!isUp) {
      print.record({ code: "DEV_FAILED", rebuild: this.#rebuilds, error: "the server did not start" });
      return;
    }
    const act = needsRestart ? "restarted" : done.distChanged.length > 0 ? "page updated" : "as before";
    print.result(`${event}  ✓ ${countsOf(done)}, ${act}  ${milliseconds(io.elapsedMs() - since)}`);
    const { name, version } = done.names;
    print.record({ code: "DEV_OK", rebuild: this.#rebuilds, name, version });
  }

  async end(): Promise<void> {
    await this.#server?.stop();
    this.#server = null;
  }

  /** True when the new server listens. */
  async #restart(): Promise<boolean> {
    await this.end();
    const server = this.#start();
    if (await server.ready()) {
      this.#server = server;
      void server.exited.then((exit) => this.#lost(server, exit.wanted, exit.code));
      return true;
    }
    const { code, tail } = await server.exited;
    const { print } = this.#options;
    if (tail.includes("SCHEMA_CHANGED") && (await this.#mayEmpty())) {
      this.#options.removeData();
      print.note("the dev database was emptied");
      return this.#restart();
    }
    print.note(`the server ended with code ${code} before it was ready`);
    return false;
  }

  #start(): ServerProcess {
    const { app, env, port, io } = this.#options;
    const onError = (text: string): void => io.err(text.trimEnd());
    return startServer({ entry: join(app.dir, "dist", "server.js"), cwd: app.dir, env, port, onError });
  }

  async #mayEmpty(): Promise<boolean> {
    if (this.#options.yes) return true;
    const answer = await this.#options.io.ask("? empty the dev database and go on? y to apply, n to keep ");
    return answer?.trim().toLowerCase() === "y";
  }

  #lost(server: ServerProcess, wanted: boolean, code: number): void {
    if (wanted || this.#server !== server) return;
    this.#server = null;
    this.#options.print.note(`the server ended with code ${code}; the next change starts it again`);
  }
}

/** Local time of day, `12:04:31`. */
function clockTime(now: number): string {
  return new Date(now).toTimeString().slice(0, 8);
}
