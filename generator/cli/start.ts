import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { readPort } from "./args.ts";
import type { Command } from "./command.ts";
import type { ExitCode } from "./io.ts";
import { runForeground } from "./run-foreground.ts";

export const start: Command = {
  options: { port: { type: "string" } },
  positionalsMax: 1,
  help: `pylon start [FOLDER]

  runs dist/server.js, made by pylon codegen, as production does: settings come from the environment

  --port N         instead of PYLON_PORT`,
  async run({ args, io, print }): Promise<ExitCode> {
    const folder = resolve(io.cwd, args.positionals[0] ?? ".");
    const entry = join(folder, "dist", "server.js");
    if (!existsSync(entry)) {
      const message = `there is no ${relative(io.cwd, entry)}`;
      print.note(`pylon: ${message}\nrun \`pylon codegen\` first`);
      print.finish("START", false, { message });
      return 3;
    }
    const port = readPort(args);
    const env = port === undefined ? io.env : { ...io.env, PYLON_PORT: String(port) };
    const code = await runForeground(entry, folder, env, io.stopSignal());
    print.finish("START", code === 0, { exit: code });
    return code === 0 ? 0 : 3;
  },
};
