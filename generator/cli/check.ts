import { findApp } from "./app-file.ts";
import { readCompat } from "./args.ts";
import type { Command, Context } from "./command.ts";
import type { ExitCode } from "./io.ts";
import { count, milliseconds } from "./print.ts";

export const check: Command = {
  options: { types: { type: "boolean" }, watch: { type: "boolean" } },
  positionalsMax: 1,
  help: `pylon check [FOLDER | app.ts]

  reports problems of app.ts and writes nothing

  --types          also TypeScript's own check of the whole app, strict
  --watch          again after each change, for editors`,
  async run(context) {
    if (!context.args.flag("watch")) return checkOnce(context, 0);
    const { watchApp } = await import("./watch.ts");
    const app = findApp(context.io, context.args.positionals[0]);
    const stop = context.io.stopSignal();
    const again = async (since: number): Promise<void> => void (await checkOnce(context, since));
    await watchApp(
      app.dir,
      stop,
      () => again(0),
      () => again(context.io.elapsedMs()),
    );
    return 0;
  },
};

/** `since`: when the work began, by `elapsedMs`; 0 counts the start of the process too. */
async function checkOnce({ args, io, print }: Context, since: number): Promise<ExitCode> {
  const app = findApp(io, args.positionals[0]);
  const { understand } = await import("../pipeline.ts");
  const { problemLines } = await import("./report.ts");
  const model = await understand({
    appFile: app.file,
    env: io.env,
    compat: readCompat(args),
    strict: args.flag("strict"),
  });
  const problems = { appDir: app.dir, diagnostics: model.diagnostics, locate: model.loaded.locate };
  print.reported(problemLines(problems, print.report));
  const types = args.flag("types") ? await (await import("./check-types.ts")).checkTypes(app, print) : 0;
  const ms = io.elapsedMs() - since;
  const ok = model.ok && types === 0;
  if (problems.diagnostics.length > 0 || types > 0) {
    const { summaryLine } = await import("../diagnostics/report.ts");
    const more = types > 0 ? count(types, "type error") : "";
    print.note(summaryLine(problems.diagnostics, app.shown, more, ms, print.report.color));
  } else
    print.result(
      `✓ no problems · ${count(model.ir?.entities.length ?? 0, "entity", "entities")} · ${milliseconds(ms)}`,
    );
  print.finish("CHECK", ok, {
    entities: model.ir?.entities.length ?? 0,
    ...(args.flag("types") ? { typeErrors: types } : {}),
  });
  return ok ? 0 : 1;
}
