import { statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { UsageError } from "./args.ts";
import type { Io } from "./io.ts";

export interface AppPlace {
  /** Absolute. */
  readonly file: string;
  readonly dir: string;
  /** As people would name it: relative to where they are. */
  readonly shown: string;
}

/** The app that a command means: a folder with app.ts, or a file; without one, `./app.ts`. */
export function findApp(io: Io, given: string | undefined): AppPlace {
  const place = resolve(io.cwd, given ?? ".");
  const stat = statSync(place, { throwIfNoEntry: false });
  const file = stat?.isDirectory() === true ? join(place, "app.ts") : place;
  const shown = relative(io.cwd, file) || "app.ts";
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UsageError(
      `there is no ${shown}`,
      "run it in the folder of app.ts, or name it: pylon codegen path/to/app.ts",
    );
  return { file, dir: dirname(file), shown };
}
