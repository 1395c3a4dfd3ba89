import type { RawManifest } from "../1-load/raw-manifest.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr } from "../ir/app.ts";
import { diagnose } from "./diagnose.ts";

/**
 * Names that are free text reach comments of generated code and SQL, headings, logs and terminals. There a line break or a character
 * that turns the direction of reading would be more than a name; half of a surrogate pair is no text at all.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** TEXT_UNPRINTABLE: every free text of app.ts but the values of enums and defaults, which `fields.ts` looks at. */
export const checkTexts = (ir: AppIr, manifest: RawManifest): Diagnostic[] =>
  [...textsOf(ir, manifest)].flatMap(([what, text, key]) => {
    const code = UNPRINTABLE.exec(text)?.[0].codePointAt(0);
    if (code === undefined) return [];
    const sign = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    return [diagnose("TEXT_UNPRINTABLE", `${what} holds ${sign}, which is nothing that can be printed`, key)];
  });

/** What it is, how it reads, and where it stands. */
type Text = readonly [what: string, text: string, key: string];

function* textsOf(ir: AppIr, manifest: RawManifest): Generator<Text> {
  yield ["the name of the app", ir.name, "app#name"];
  yield ["the version of the app", ir.version, "app#version"];
  for (const { name, origin, indexes, relations, renamedFrom, fields } of ir.entities) {
    if (renamedFrom !== null) yield [`the old name of ${name}`, renamedFrom, `${origin.key}#renamedFrom`];
    for (const field of fields)
      if (field.renamedFrom !== null)
        yield [`the old name of ${name}.${field.name}`, field.renamedFrom, `${field.origin.key}#renamedFrom`];
    for (const index of indexes) yield [`the name of an index of ${name}`, index.name, `${index.origin.key}#name`];
    for (const relation of relations)
      yield [`the name of a relation of ${name}`, relation.name, `${relation.origin.key}#name`];
  }
  for (const { name } of manifest.policies) yield ["the name of a policy", name, `policy:${name}`];
  for (const { path } of manifest.routes) yield ["the path of a route", path, `route:${path}`];
  for (const kind of ["query", "action"] as const)
    for (const { name, input } of kind === "query" ? manifest.queries : manifest.actions) {
      yield [`the name of ${kind === "query" ? "a query" : "an action"}`, name, `${kind}:${name}`];
      for (const [i, { name: of }] of input.entries())
        yield [`the name of an input of ${name}`, of, `${kind}:${name}#input.${i}.name`];
    }
  for (const name of manifest.plugins ?? []) yield ["the name of a plugin", name, "app#plugins"];
}
