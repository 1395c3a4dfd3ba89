/** UNKNOWN_KEY: what app.ts wrote and no builder reads, drawn where it is written. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { Stray } from "../dsl/strays.ts";
import type { Origin } from "../ir/origin.ts";
import { callAt, findKey, type Range } from "./find-literal.ts";
import { findKeyByName } from "./find-name.ts";
import type { LocateInput } from "./locate.ts";
import type { UnknownKey } from "./manifest-shape.ts";
import { parseKey } from "./origin-key.ts";
import type { SourceText } from "./texts.ts";

const problem = (message: string, label: string, hint: string, at: Origin): Diagnostic => ({
  code: "UNKNOWN_KEY",
  severity: "error",
  message,
  label,
  hint,
  at,
});

const hintFor = (key: string, known: readonly string[]): string =>
  didYouMean(key, known) ?? `the keys are ${known.join(", ")}`;

export const strayProblems = (strays: readonly Stray[], sources: LocateInput): readonly Diagnostic[] =>
  strays.map((stray) => {
    const [message, label, hint] = words(stray);
    return problem(message, label, hint, placeOfStray(stray, sources));
  });

const words = (stray: Stray): readonly [message: string, label: string, hint: string] => {
  const { call, path } = stray;
  switch (stray.kind) {
    case "key": {
      const key = path.at(-1) ?? "";
      const where = partOf(call, path.slice(1, -1));
      return [`\`${key}\` is no key of ${where}`, "no such key", hintFor(key, stray.known)];
    }
    case "object":
      return [`${partOf(call, path.slice(1))} takes an object`, "no object", "write { … } with its keys"];
    case "surplus":
      return [`${call}(…) takes ${count(stray.wanted)}`, "nothing reads this", surplusHint(call)];
  }
};

/** `indexes` of `["indexes", "0"]`: the number says nothing that the frame does not show. */
const partOf = (call: string, path: readonly string[]): string => {
  const names = path.filter((step) => !/^\d+$/.test(step));
  return names.length === 0 ? `${call}(…)` : `\`${names.join(".")}\` of ${call}(…)`;
};

const count = (n: number): string => (n === 0 ? "no argument" : n === 1 ? "one argument" : `${n} arguments`);

const surplusHint = (call: string): string =>
  /^(?:field)?\./.test(call)
    ? "take it out; what else a field is, is called on it: .optional(), .default(…)"
    : "take it out, or put it into the object before it";

/** In the innermost call that holds it as a literal, else wherever the key is written, else at the call. */
const placeOfStray = ({ path, stack }: Stray, { appFile, framesOf, textOf }: LocateInput): Origin => {
  const frames = framesOf(stack);
  for (const { file, line, column } of frames) {
    const source = textOf(file);
    const found = source && findKey(callAt(source.text, source.offsetOf(line, column)), path);
    if (source && found) return originOf(source, found);
  }
  const [inner] = frames;
  const app = textOf(inner?.file ?? appFile);
  if (app === null) return { key: "app" };
  const key = path.length > 1 ? findKeyByName(app.text, path.at(-1) ?? "", null) : null;
  if (key !== null) return originOf(app, key);
  return inner === undefined ? { key: "app" } : { key: `at:${inner.file}:${inner.line}:${inner.column}`, length: 1 };
};

const originOf = (source: SourceText, { start, end }: Range): Origin => {
  const { file, line, column } = source.span(start, end);
  return { key: `at:${file}:${line}:${column}`, length: end - start };
};

/** Keys of a manifest that no builder made. */
export const unknownKeyProblems = (
  keys: readonly UnknownKey[],
  { appFile, textOf }: LocateInput,
): readonly Diagnostic[] =>
  keys.map(({ key, at, owner, known }) => {
    const app = textOf(appFile);
    const found = app && findKeyByName(app.text, key, owner === null ? null : parseKey(owner));
    const place: Origin = app && found ? originOf(app, found) : { key: owner ?? "app" };
    return problem(`\`${key}\` is no key of ${at}`, "no such key", hintFor(key, known), place);
  });
