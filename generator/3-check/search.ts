import type { RawManifest } from "../1-load/raw-manifest.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { AppIr, FieldIr, FieldType } from "../ir/app.ts";
import { diagnose } from "./diagnose.ts";

const TEXT: readonly FieldType["kind"][] = ["string", "richtext"];
const PLAIN: readonly FieldType["kind"][] = ["string", "richtext", "int", "float", "bool", "datetime", "id"];
const LISTS = { text: TEXT, facets: PLAIN, sortable: PLAIN } as const;

export function checkSearch(ir: AppIr, manifest: RawManifest): Diagnostic[] {
  return ir.entities.flatMap((entity, e) => {
    const search = manifest.entities[e]?.search;
    if (search === undefined) return [];
    return (["text", "facets", "sortable"] as const).flatMap((list) =>
      search[list].flatMap((name, i) => {
        const field = entity.fields.find((f) => f.name === name);
        const at = `search:${entity.name}#${list}.${i}`;
        if (field !== undefined) {
          const why = refusal(field, LISTS[list]);
          return why === null
            ? []
            : [
                diagnose(
                  "SEARCH_FIELD_TYPE",
                  `search cannot use ${entity.name}.${name} in \`${list}\`: it is ${why}`,
                  at,
                  { label: why },
                ),
              ];
        }
        // Every row has an id, and sorting by it makes sense.
        if (name === "id" && list !== "text") return [];
        const names = entity.fields.map((f) => f.name);
        const message = `search of ${entity.name} names \`${name}\`, which is not a field of it`;
        return [
          diagnose("SEARCH_FIELD_NOT_FOUND", message, at, {
            label: `not declared on ${entity.name}`,
            hint: didYouMean(name, names),
          }),
        ];
      }),
    );
  });
}

function refusal({ type, hidden, serverOnly, encrypted }: FieldIr, kinds: readonly FieldType["kind"][]): string | null {
  if (!kinds.includes(type.kind)) return `of type ${type.kind}`;
  if (encrypted) return "encrypted";
  return hidden || serverOnly ? "never sent to clients" : null;
}
