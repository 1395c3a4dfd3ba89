import { spawn } from "node:child_process";
import { join } from "node:path";
import { writeTsconfig } from "../5-write/tsconfig.ts";
import { toolchainRequire } from "../toolchain.ts";
import type { AppPlace } from "./app-file.ts";
import type { Printer } from "./print.ts";

/** `app.ts(3,7): error TS2322: …`; lines that follow, indented, belong to it. */
const ERROR = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/;

/** Runs TypeScript's strict check over the app and prints what it finds; gives the number of errors. */
export async function checkTypes(app: AppPlace, print: Printer): Promise<number> {
  const config = writeTsconfig(app.dir);
  const tsc = join(toolchainRequire.resolve("typescript/package.json"), "../bin/tsc");
  const output = await outputOf([tsc, "-p", config, "--pretty", print.report.color ? "true" : "false"], app.dir);
  const found = output.split("\n").flatMap((line) => {
    const [, file, row, column, code, message] = ERROR.exec(line) ?? [];
    if (file === undefined) return [];
    const at = { file, line: Number(row), column: Number(column) };
    return [{ severity: "error", code, message, span: { ...at, endLine: at.line, endColumn: at.column } }];
  });
  for (const diagnostic of found) print.record(diagnostic);
  if (output.trim() !== "") print.note(output.trimEnd());
  // With colours tsc draws frames, whose lines do not match; its exit says only that there was something.
  return found.length > 0
    ? found.length
    : output.trim() === ""
      ? 0
      : Math.max(1, output.match(/error.*TS\d+/g)?.length ?? 1);
}

/** What tsc says, on either stream. Its exit code repeats whether it said something. */
function outputOf(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}
