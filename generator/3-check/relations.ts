import { nthKey } from "../2-resolve/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { AppIr, EntityIr, RelationIr } from "../ir/app.ts";
import { diagnose, repeats } from "./diagnose.ts";

export function checkRelations(ir: AppIr): Diagnostic[] {
  const byName = new Map(ir.entities.map((entity) => [entity.name, entity]));
  return ir.entities.flatMap((entity) => [
    ...entity.relations.flatMap((relation) => checkRelation(entity, relation, byName)),
    ...repeats(entity.relations, (relation) => relation.name).map(({ item, first, nth }) =>
      diagnose(
        "RELATION_NAME_DUPLICATE",
        `${entity.name} has two relations \`${item.name}\``,
        nthKey(item.origin.key, nth),
        {
          label: "again here",
          related: [{ at: first.origin, message: "first here" }],
        },
      ),
    ),
  ]);
}

function checkRelation(entity: EntityIr, relation: RelationIr, byName: ReadonlyMap<string, EntityIr>): Diagnostic[] {
  const { name, origin } = relation;
  const found: Diagnostic[] = [];
  if (name === "") found.push(diagnose("RELATION_NAME_EMPTY", `a relation of ${entity.name} has no name`, origin.key));
  const clash = entity.fields.find((field) => field.name === name);
  if (clash !== undefined)
    found.push(
      diagnose("RELATION_NAME_CLASH", `${entity.name} has a relation and a field \`${name}\``, origin.key, {
        related: [{ at: clash.origin, message: "the field" }],
      }),
    );
  const target = byName.get(relation.target);
  if (target !== undefined) return [...found, ...checkField(entity, relation, target)];
  const message = `${entity.name}.${name} points at \`${relation.target}\`, which is not an entity of the app`;
  return [
    ...found,
    diagnose("RELATION_TARGET_NOT_FOUND", message, `${origin.key}#target`, {
      label: "no such entity",
      hint: didYouMean(relation.target, byName.keys()),
    }),
  ];
}

/** A single relation names a column of its own entity that holds the target's id; a `many` relation one of the target (dsl 1.2). */
function checkField(entity: EntityIr, relation: RelationIr, target: EntityIr): Diagnostic[] {
  const { name, field, many, origin } = relation;
  const holder = many ? target : entity;
  const pointsAt = many ? entity : target;
  const column = holder.fields.find((f) => f.name === field);
  if (column === undefined) {
    // A row's own id can name the target's row: two entities that share their ids.
    if (!many && field === "id") return [];
    const links = holder.fields
      .filter((f) => f.type.kind === "id" && f.type.target === pointsAt.name)
      .map((f) => f.name);
    const hint =
      didYouMean(
        field,
        holder.fields.map((f) => f.name),
      ) ??
      (links.length === 1
        ? `did you mean \`${links[0]}\`?`
        : `\`field\` is a column of ${holder.name} that holds ids of ${pointsAt.name}`);
    const message = `${entity.name}.${name} goes over \`${field}\`, which is not a field of ${holder.name}`;
    return [
      diagnose("RELATION_FIELD_NOT_FOUND", message, `${origin.key}#field`, {
        label: `not declared on ${holder.name}`,
        hint,
      }),
    ];
  }
  const { type } = column;
  if (type.kind === "string" || (type.kind === "id" && type.target === pointsAt.name)) return [];
  const holds = type.kind === "id" ? `ids of ${type.target}` : `values of type ${type.kind}`;
  return [
    diagnose(
      "RELATION_FIELD_TYPE",
      `${entity.name}.${name} goes over ${holder.name}.${field}, which holds ${holds}, not ids of ${pointsAt.name}`,
      `${origin.key}#field`,
      {
        label: "cannot match",
        related: [{ at: column.origin, message: `holds ${holds}` }],
      },
    ),
  ];
}
