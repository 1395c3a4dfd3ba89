import type { AppIr, EntityIr, FieldIr } from "../ir/app.ts";

/** What a client of the committed model could do and a new server would refuse: `Todo.done became required`. */
export function reviewClients(before: AppIr, after: AppIr): readonly string[] {
  return before.entities.flatMap((old) => {
    const now = after.entities.find((entity) => entity.name === old.name);
    return now === undefined ? [`${old.name} is gone`] : fieldBreaks(old, now);
  });
}

function fieldBreaks(old: EntityIr, now: EntityIr): string[] {
  const added = now.fields.filter((field) => !old.fields.some((known) => known.name === field.name));
  return [
    ...old.fields.flatMap((field) => {
      const successor = now.fields.find((candidate) => candidate.name === field.name);
      const reason = successor === undefined ? "is gone" : breakOf(field, successor);
      return reason === null ? [] : [`${old.name}.${field.name} ${reason}`];
    }),
    ...added.filter(isDemanded).map((field) => `${old.name}.${field.name} is new and required`),
  ];
}

function breakOf(old: FieldIr, now: FieldIr): string | null {
  if (JSON.stringify(old.type) !== JSON.stringify(now.type)) return `is ${typeName(now)}, was ${typeName(old)}`;
  if (!isDemanded(old) && isDemanded(now)) return "became required";
  if (!old.serverOnly && now.serverOnly) return "is no longer sent to clients";
  if (!old.readonly && now.readonly) return "became read-only";
  return null;
}

/** A client must send it. */
const isDemanded = (field: FieldIr): boolean => !field.optional && field.default === null;

function typeName({ type }: FieldIr): string {
  if (type.kind === "id") return `id(${type.target})`;
  return type.kind === "string" && type.values !== null ? `one of ${type.values.join(", ")}` : type.kind;
}
