import type { Args, Options } from "./args.ts";
import type { ExitCode, Io } from "./io.ts";
import type { Printer } from "./print.ts";

export interface Context {
  readonly args: Args;
  readonly io: Io;
  readonly print: Printer;
}

export interface Command {
  /** Beside the common ones. */
  readonly options: Options;
  readonly positionalsMax: number;
  /** What `--help` prints after the common head. */
  readonly help: string;
  run(context: Context): Promise<ExitCode>;
}
