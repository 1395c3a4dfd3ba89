/** Why there is no manifest, as diagnostics. */
import type { Message } from "esbuild";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import * as dsl from "../dsl/index.ts";
import { APP_RUN_MS_MAX } from "./run-app.ts";
import type { Frame } from "./source-map.ts";

const error = (code: Diagnostic["code"], message: string, rest: Partial<Diagnostic>): Diagnostic => ({
  code,
  severity: "error",
  message,
  at: { key: "app" },
  ...rest,
});

export const missingProblem = (appFile: string): Diagnostic =>
  error("MANIFEST_READ_FAILED", `there is no ${appFile}`, { hint: "name the folder of the app, or its app.ts" });

/** What esbuild could not parse or resolve. Its columns count from 0. */
export const syntaxProblems = (errors: readonly Message[]): readonly Diagnostic[] =>
  errors.map(({ text, location, notes }) =>
    error("SCHEMA_EVAL_FAILED", text, {
      ...(location && {
        at: { key: `at:${location.file}:${location.line}:${location.column + 1}`, length: location.length },
      }),
      ...(notes[0] && { hint: notes[0].text }),
    }),
  );

export const thrownProblem = (message: string, frames: readonly Frame[]): Diagnostic => {
  const [inner] = frames;
  const outer = frames.at(-1);
  const keyOf = ({ file, line, column }: Frame): string => `at:${file}:${line}:${column}`;
  return error("SCHEMA_EVAL_FAILED", `app.ts threw: ${message}`, {
    hint:
      unknownBuilder(message) ??
      missingImport(message) ??
      enumOfArguments(message) ??
      "app.ts runs while the schema is read: it must not need a server, a database or an unset variable",
    ...(inner && { at: { key: keyOf(inner), length: 1 } }),
    ...(inner &&
      outer &&
      outer !== inner && { related: [{ at: { key: keyOf(outer), length: 1 }, message: "called from here" }] }),
  });
};

/** `field.text is not a function`: what there is instead. */
function unknownBuilder(message: string): string | undefined {
  const name = /^field\.(\w+) is not a function$/.exec(message)?.[1];
  if (name === undefined) return undefined;
  const kinds = Object.keys(dsl.field);
  return didYouMean(name, kinds) ?? `the kinds of field are ${kinds.join(", ")}`;
}

/** `policy is not defined`: where it comes from. */
function missingImport(message: string): string | undefined {
  const name = /^(\w+) is not defined$/.exec(message)?.[1];
  return name !== undefined && Object.hasOwn(dsl, name) ? `add: import { ${name} } from "pylon"` : undefined;
}

/** `field.enum("a", "b")`: thrown by the builder itself. */
const enumOfArguments = (message: string): string | undefined =>
  message.startsWith("field.enum(") ? 'put the values into brackets: field.enum(["a", "b"])' : undefined;

export const timeoutProblem = (): Diagnostic =>
  error("SCHEMA_EVAL_FAILED", `app.ts was not done after ${APP_RUN_MS_MAX / 1000} s`, {
    hint: "app.ts only describes the app: take out loops that wait, timers and network calls",
  });

export const nothingProblem = (): Diagnostic =>
  error("MANIFEST_PARSE_ERROR", "app.ts neither exports an app nor prints a manifest", {
    hint: "end it with `export default app({ … })`",
  });

export const notJsonProblem = (printed: string): Diagnostic =>
  error("MANIFEST_PARSE_ERROR", `app.ts printed something that is no JSON: ${excerpt(printed)}`, {
    hint: "print the manifest and nothing else, or use `export default app({ … })`; console.error is free to use",
  });

export const shapeProblems = (problems: readonly string[]): readonly Diagnostic[] =>
  problems.map((problem) =>
    error("MANIFEST_PARSE_ERROR", problem, { hint: "`buildManifest` fills what is not written" }),
  );

const excerpt = (text: string): string => {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
};
