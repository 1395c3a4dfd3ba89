import type { Message } from "esbuild";
import type { Locate, Located } from "./1-load/result.ts";
import type { BundleError } from "./5-write/bundle-error.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";

/** What esbuild said, as diagnostics, with a `locate` that knows their places beside those of the model. */
export function bundleDiagnostics(
  { messages }: BundleError,
  locate: Locate,
): { readonly diagnostics: readonly Diagnostic[]; readonly locate: Locate } {
  const places = new Map(messages.map((message, index) => [`bundle:${index}`, placeOf(message)]));
  return {
    diagnostics: messages.map((message, index) => ({
      code: "BUNDLE_FAILED",
      severity: "error",
      message: message.text,
      at: { key: `bundle:${index}` },
    })),
    locate: (origin) => (places.has(origin.key) ? (places.get(origin.key) ?? null) : locate(origin)),
  };
}

/** esbuild counts columns from 0 and in bytes. What was made in memory (`generated:…`) is no file that a person could open. */
function placeOf({ location }: Message): Located | null {
  if (location === null || (location.namespace !== "file" && location.namespace !== "")) return null;
  const line = Buffer.from(location.lineText);
  const column = line.subarray(0, location.column).toString("utf8").length + 1;
  const width = line.subarray(location.column, location.column + location.length).toString("utf8").length;
  return {
    span: { file: location.file, line: location.line, column, endLine: location.line, endColumn: column + width },
  };
}
