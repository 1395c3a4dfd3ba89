import { nthKey } from "../2-resolve/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr, EntityIr, FieldIr } from "../ir/app.ts";
import { diagnose, repeats } from "./diagnose.ts";

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Tables of the framework, of SQLite, and names that a JavaScript object cannot have as a plain key. */
const RESERVED_ENTITY = /^(?:_|sqlite_)/i;
const RESERVED_FIELD = /^(?:id|_pylon.*|__proto__)$/i;

export function checkNames(ir: AppIr): Diagnostic[] {
  const entities = ir.entities.map((entity) => ({ entity, lower: entity.name.toLowerCase() }));
  const found = ir.entities.flatMap(checkEntityName);
  for (const { item, first, nth } of repeats(entities, (e) => e.lower)) {
    const same = item.entity.name === first.entity.name;
    found.push(
      diagnose(
        same ? "ENTITY_DUPLICATE" : "ENTITY_NAME_CLASH",
        same
          ? `\`${item.entity.name}\` is in the app twice`
          : `\`${item.entity.name}\` and \`${first.entity.name}\` differ only in case`,
        same ? nthKey(item.entity.origin.key, nth) : item.entity.origin.key,
        { label: "again here", related: [{ at: first.entity.origin, message: "first here" }] },
      ),
    );
  }
  found.push(...checkFileNames(ir));
  for (const entity of new Map(ir.entities.map((e) => [e.name, e])).values()) found.push(...checkFieldNames(entity));
  return found;
}

function checkEntityName({ name, origin }: EntityIr): Diagnostic[] {
  if (name === "") return [diagnose("ENTITY_NAME_EMPTY", "an entity has no name", origin.key)];
  if (!IDENTIFIER.test(name))
    return [
      diagnose("ENTITY_NAME_INVALID", `\`${name}\` cannot be the name of an entity`, origin.key, {
        hint: renameTo(name),
      }),
    ];
  if (RESERVED_ENTITY.test(name))
    return [diagnose("ENTITY_NAME_RESERVED", `\`${name}\` is a name of the framework`, origin.key)];
  return [];
}

/** Two names that differ in more than case can still become one file: `App` is moved aside to `appEntity`. */
function checkFileNames(ir: AppIr): Diagnostic[] {
  return repeats(ir.entities, (e) => e.file.toLowerCase()).flatMap(({ item, first }) =>
    item.name.toLowerCase() === first.name.toLowerCase()
      ? []
      : [
          diagnose(
            "ENTITY_NAME_CLASH",
            `\`${item.name}\` and \`${first.name}\` both become ${item.file}.ts`,
            item.origin.key,
            {
              hint: "rename one of them",
              related: [{ at: first.origin, message: "first here" }],
            },
          ),
        ],
  );
}

function checkFieldNames(entity: EntityIr): Diagnostic[] {
  const found = entity.fields.flatMap((field) => checkFieldName(entity, field));
  for (const { item, first, nth } of repeats(entity.fields, (f) => f.name.toLowerCase())) {
    const same = item.name === first.name;
    found.push(
      diagnose(
        same ? "FIELD_DUPLICATE" : "FIELD_NAME_CLASH",
        same
          ? `${entity.name} has \`${item.name}\` twice`
          : `\`${item.name}\` and \`${first.name}\` of ${entity.name} differ only in case`,
        same ? nthKey(item.origin.key, nth) : item.origin.key,
        { label: "again here", related: [{ at: first.origin, message: "first here" }] },
      ),
    );
  }
  return found;
}

function checkFieldName(entity: EntityIr, { name, origin }: FieldIr): Diagnostic[] {
  if (name === "") return [diagnose("FIELD_NAME_EMPTY", `a field of ${entity.name} has no name`, origin.key)];
  if (!IDENTIFIER.test(name))
    return [
      diagnose("FIELD_NAME_INVALID", `\`${name}\` cannot be the name of a field`, origin.key, { hint: renameTo(name) }),
    ];
  if (RESERVED_FIELD.test(name))
    return [
      diagnose("FIELD_NAME_RESERVED", `\`${name}\` of ${entity.name} is a name of the framework`, origin.key, {
        hint: name.toLowerCase() === "id" ? "leave it out: every row has an `id` that the server makes" : undefined,
      }),
    ];
  return [];
}

/** `order line` → `orderLine`. */
function renameTo(name: string): string | undefined {
  const words = name.split(/[^A-Za-z0-9_]+/).filter((word) => word !== "");
  const better = words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
  return IDENTIFIER.test(better) ? `call it \`${better}\`` : undefined;
}
