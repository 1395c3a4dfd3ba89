import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locate } from "../1-load/result.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatDiagnostics, type ReportOptions } from "../diagnostics/report.ts";

export interface Problems {
  readonly appDir: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
}

/** The lines of a report. Reading and drawing cost nothing when there is no problem. */
export function problemLines({ appDir, diagnostics, locate }: Problems, options: ReportOptions): readonly string[] {
  const readSource = (file: string): string => readFileSync(join(appDir, file), "utf8");
  return diagnostics.length === 0 ? [] : formatDiagnostics(diagnostics, locate, readSource, options);
}
