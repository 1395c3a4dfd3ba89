import { type AppPlace, findApp } from "./app-file.ts";
import { readCompat, UsageError } from "./args.ts";
import type { Command, Context } from "./command.ts";
import type { ExitCode } from "./io.ts";
import { milliseconds } from "./print.ts";
import { countsOf, runCodegen } from "./run-codegen.ts";

export const codegen: Command = {
  options: {
    check: { type: "boolean" },
    full: { type: "boolean" },
    stat: { type: "boolean" },
    "fail-on": { type: "string" },
  },
  positionalsMax: 1,
  help: `pylon codegen [FOLDER | app.ts]

  writes _generated/ and dist/; nothing when app.ts has an error

  --check          write nothing: print what is out of date and who gets other rights; exit 1 if anything is
  --full           the whole diff, not its first 200 lines
  --stat           the names of the files only
  --fail-on LIST   with --check, exit 1 only for these: stale, widened, changed, breaking`,
  async run(context) {
    const { args } = context;
    const isCheck = args.flag("check");
    for (const name of ["full", "stat", "fail-on"])
      if (!isCheck && (args.flag(name) || args.text(name) !== undefined))
        throw new UsageError(`--${name} goes with --check`);
    const app = findApp(context.io, args.positionals[0]);
    if (isCheck) return (await import("./codegen-check.ts")).codegenCheck(context, app);
    return codegenOnce(context, app);
  },
};

async function codegenOnce({ args, io, print }: Context, app: AppPlace): Promise<ExitCode> {
  const done = await runCodegen({
    app,
    io,
    print,
    compat: readCompat(args),
    strict: args.flag("strict"),
    since: 0,
  });
  if (done === null) {
    print.finish("CODEGEN", false);
    return 1;
  }
  print.result(`✓ ${countsOf(done)} · ${milliseconds(io.elapsedMs())}`);
  const { names, changed, removed, unchanged } = done;
  print.finish("CODEGEN", true, {
    manifest: "_generated/manifest.json",
    client: "_generated/client.ts",
    entities: names.entities.length,
    queries: names.queries.length,
    actions: names.actions.length,
    changed,
    removed,
    unchanged,
  });
  return 0;
}
