import { rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type AppPlace, findApp } from "./app-file.ts";
import { readCompat, readPort, UsageError } from "./args.ts";
import type { Command } from "./command.ts";
import { DevSession } from "./dev-session.ts";
import type { Io } from "./io.ts";
import { runCodegen } from "./run-codegen.ts";
import { portIsTaken } from "./server-process.ts";
import { watchApp } from "./watch.ts";

const DEFAULT_PORT = 4321;

export const dev: Command = {
  options: {
    port: { type: "string" },
    fresh: { type: "boolean" },
    "no-watch": { type: "boolean" },
    yes: { type: "boolean", short: "y" },
  },
  positionalsMax: 1,
  help: `pylon dev [FOLDER | app.ts]

  generates, serves in dev mode, and does so again after each change; an error keeps the last good server

  --port N         instead of PYLON_PORT or ${DEFAULT_PORT}
  --fresh          begin with an empty dev database
  --no-watch       generate and serve once
  --yes            empty the dev database without asking when a change of the schema needs it`,
  async run(context) {
    const { args, io, print } = context;
    const port = readPort(args) ?? (Number(io.env.PYLON_PORT) || DEFAULT_PORT);
    const app = findApp(io, args.positionals[0]);
    if (await portIsTaken(port)) {
      print.note(`pylon: port ${port} is taken\nstop the other program, or pass --port`);
      print.finish("DEV", false, { message: `port ${port} is taken` });
      return 3;
    }
    const host = io.env.PYLON_HOST ?? "127.0.0.1";
    print.note(`dev mode: anyone who reaches http://localhost:${port} may act as anyone (it listens on ${host} only)`);
    const env = devEnv(io, app, port);
    const removeData = (): void => removeDatabase(app, env.PYLON_DB_PATH ?? "");
    if (args.flag("fresh")) removeData();
    const generate = (since: number) =>
      runCodegen({ app, io, print, compat: readCompat(args), strict: args.flag("strict"), since });
    const stop = io.stopSignal();
    const session = new DevSession({ app, io, print, port, env, generate, removeData, yes: args.flag("yes") });
    if (args.flag("no-watch")) return session.once(stop);
    await watchApp(
      app.dir,
      stop,
      () => session.begin(),
      (paths) => session.changed(paths),
    );
    await session.end();
    return 0;
  },
};

function devEnv(io: Io, app: AppPlace, port: number): Io["env"] {
  return {
    PYLON_DB_PATH: join(app.dir, ".pylon", "dev.db"),
    // Nobody waits for open requests between two saves.
    PYLON_DRAIN_SECS: "1",
    ...io.env,
    PYLON_DEV_MODE: "1",
    PYLON_DEV_NOTICE: "0",
    PYLON_PORT: String(port),
  };
}

/** The dev database with its side files. Only one inside the app's folder: another is somebody's data. */
function removeDatabase(app: AppPlace, path: string): void {
  const place = resolve(app.dir, path);
  if (relative(app.dir, place).startsWith(".."))
    throw new UsageError(`${place} is not in the app's folder`, "it may be somebody's data: delete it yourself");
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${place}${suffix}`, { force: true });
}
