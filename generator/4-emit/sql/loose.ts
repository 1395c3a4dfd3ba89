import type { AppIr, EntityIr, RuleIr } from "../../ir/app.ts";
import { lower } from "../../policy/lower.ts";
import { type Atom, atomsOf } from "../../policy/pred.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { operandsOf } from "../../policy/to-js.ts";

/** Whether some rule compares by the loose rules (dsl 2.4), so that its SQL calls functions of ours. */
export function comparesLoosely(ir: AppIr): boolean {
  const schema: PolicySchema = new Map(ir.entities.map((entity) => [entity.name, entity]));
  return ir.entities.some((entity) =>
    rulesOf(entity).some((rule) =>
      [...atomsOf(lower(rule.expr, { schema, entity }))].some(({ atom }) => isLoose(atom)),
    ),
  );
}

const isLoose = (atom: Atom): boolean =>
  ((atom.kind === "equal" || atom.kind === "order") && atom.loose) ||
  operandsOf(atom).some(({ kind }) => kind === "json" || kind === "number");

function rulesOf(entity: EntityIr): readonly RuleIr[] {
  const { sync, rules, fields } = entity;
  return [
    ...Object.values(rules),
    ...fields.map((field) => field.readable),
    sync.kind === "scope" ? sync.rule : null,
  ].filter((rule) => rule !== null);
}
