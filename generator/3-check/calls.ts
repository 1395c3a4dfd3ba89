import type { RawCall, RawManifest } from "../1-load/raw-manifest.ts";
import { parseFieldType } from "../2-resolve/field-type.ts";
import { nthKey } from "../2-resolve/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { diagnose, repeats } from "./diagnose.ts";
import { typeHint } from "./fields.ts";

/** Declared queries and actions. A query and an action may share a name. */
export const checkCalls = (manifest: RawManifest): Diagnostic[] => {
  const entities = manifest.entities.map((entity) => entity.name);
  return [...checkList("query", manifest.queries, entities), ...checkList("action", manifest.actions, entities)];
};

const CODES = {
  query: { empty: "QUERY_NAME_EMPTY", duplicate: "QUERY_DUPLICATE", a: "a query", two: "queries" },
  action: { empty: "ACTION_NAME_EMPTY", duplicate: "ACTION_DUPLICATE", a: "an action", two: "actions" },
} as const;

function checkList(kind: "query" | "action", calls: readonly RawCall[], entities: readonly string[]): Diagnostic[] {
  const { empty, duplicate, a, two } = CODES[kind];
  const found: Diagnostic[] = [];
  for (const call of calls) {
    const at = `${kind}:${call.name}`;
    if (call.name === "") found.push(diagnose(empty, `${a} has no name`, at));
    for (const [i, input] of call.input.entries())
      found.push(...checkInput(call.name, input, `${at}#input.${i}`, entities));
    for (const { item } of repeats(call.input, (input) => input.name))
      if (item.name !== "")
        found.push(diagnose("INPUT_FIELD_DUPLICATE", `${call.name} has the input \`${item.name}\` twice`, at));
  }
  for (const { item, nth } of repeats(calls, (call) => call.name))
    if (item.name !== "")
      found.push(
        diagnose(duplicate, `two ${two} are called \`${item.name}\``, nthKey(`${kind}:${item.name}`, nth), {
          label: "again here",
          related: [{ at: { key: `${kind}:${item.name}` }, message: "first here" }],
        }),
      );
  return found;
}

function checkInput(
  call: string,
  input: RawCall["input"][number],
  at: string,
  entities: readonly string[],
): Diagnostic[] {
  if (input.name === "") return [diagnose("INPUT_FIELD_NAME_EMPTY", `an input of ${call} has no name`, at)];
  const type = parseFieldType(input.type, null);
  if (type === null)
    return [
      diagnose(
        "INPUT_FIELD_TYPE_UNKNOWN",
        `the input \`${input.name}\` of ${call} has the type \`${input.type}\`, which does not exist`,
        `${at}.type`,
        { label: "no such type", hint: typeHint(input.type) },
      ),
    ];
  if (type.kind !== "id" || entities.includes(type.target)) return [];
  const message = `the input \`${input.name}\` of ${call} is an id of \`${type.target}\`, which is not an entity of the app`;
  return [
    diagnose("FIELD_ID_TARGET_NOT_FOUND", message, `${at}.type`, {
      label: "no such entity",
      hint: didYouMean(type.target, entities),
    }),
  ];
}
