import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr, EntityIr, FieldIr, RuleIr } from "../ir/app.ts";
import { partsOf } from "../policy/walk.ts";

/** `.encrypted()` fields are sealed anew at each write: they are text, and nobody can look anything up by them. */
export const checkEncryption = (ir: AppIr): Diagnostic[] =>
  ir.entities.flatMap((entity) =>
    entity.fields.filter((field) => field.encrypted).flatMap((field) => checkField(entity, field)),
  );

function checkField(entity: EntityIr, field: FieldIr): Diagnostic[] {
  const name = `${entity.name}.${field.name}`;
  const isText = (field.type.kind === "string" && field.type.values === null) || field.type.kind === "richtext";
  const isLookedUp = field.unique || entity.indexes.some((index) => index.fields.includes(field.name));
  const type = isText
    ? isLookedUp
      ? [`${name} is encrypted, so it cannot be unique or indexed`]
      : []
    : [`${name} is no plain text, so it cannot be encrypted`];
  return [
    ...type.map((message): Diagnostic => ({ code: "ENCRYPTED_TYPE", severity: "error", message, at: field.origin })),
    ...rulesOf(entity)
      .filter((rule) => names(rule, field.name))
      .map(
        (rule): Diagnostic => ({
          code: "ENCRYPTED_IN_RULE",
          severity: "error",
          message: `a rule looks at ${name}, which is encrypted`,
          at: rule.origin,
          related: [{ at: field.origin, message: "encrypted here" }],
        }),
      ),
  ];
}

function rulesOf(entity: EntityIr): readonly RuleIr[] {
  const { read, insert, update, delete: remove } = entity.rules;
  const scope = entity.sync.kind === "scope" ? entity.sync.rule : null;
  const rules = [read, insert, update, remove, scope, ...entity.fields.map((field) => field.readable)];
  // One `allow` stands for all four operations.
  return [...new Map(rules.flatMap((rule) => (rule === null ? [] : [[rule.origin.key, rule] as const]))).values()];
}

const names = (rule: RuleIr, field: string): boolean =>
  [...partsOf(rule.expr)].some(
    (part) =>
      part.kind === "path" && part.segments.length > 1 && part.segments[1] === field && part.segments[0] !== "auth",
  );
