import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../generator/diagnostics/diagnostic.ts";
import { formatDiagnostics } from "../../generator/diagnostics/report.ts";
import type { OutFile } from "../../generator/ir/out-file.ts";
import { emit, understand } from "../../generator/pipeline.ts";
import { root } from "./files.ts";

export const APPS = join(root, "fixtures/apps");

/** A case is a folder of `fixtures/apps` with an app.ts. */
export const APP_CASES: readonly string[] = readdirSync(APPS)
  .filter((name) => existsSync(join(APPS, name, "app.ts")))
  .sort();

export interface Compiled {
  /** Everything below `_generated/` but the list of files, which names the version of the toolchain. */
  readonly files: readonly OutFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** The diagnostics as a terminal shows them. */
  readonly report: string;
}

/** What codegen makes of the app in a folder, without writing it. Throws when the app has an error. */
export async function compile(folder: string): Promise<Compiled> {
  const model = await understand({ appFile: join(folder, "app.ts"), env: {}, compat: null, strict: false });
  const { diagnostics, loaded } = model;
  const sourceOf = (file: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "");
  const lines = formatDiagnostics(diagnostics, loaded.locate, sourceOf, { color: false, format: "text" });
  const report = lines.map((line) => `${line}\n`).join("");
  const files = emit(model);
  if (files === null) throw new Error(`${folder} does not compile:\n${report}`);
  return { files, diagnostics, report };
}

const compiled = new Map<string, Promise<Compiled>>();

/** The same for a case of `fixtures/apps`, once a test file. */
export function compileCase(name: string): Promise<Compiled> {
  const made = compiled.get(name) ?? compile(join(APPS, name));
  compiled.set(name, made);
  return made;
}
