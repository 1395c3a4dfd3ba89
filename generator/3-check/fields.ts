import { parseDatetime } from "../../runtime-core/kernel/datetime.ts";
import type { RawCrdt, RawManifest } from "../1-load/raw-manifest.ts";
import { parseFieldType, TYPE_NAMES } from "../2-resolve/field-type.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean, suggest } from "../diagnostics/suggest.ts";
import type { AppIr, EntityIr, FieldIr, FieldType } from "../ir/app.ts";
import { diagnose, listed } from "./diagnose.ts";

/** What people write for the types that there are. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  boolean: "bool",
  number: "float",
  integer: "int",
  text: "string",
  date: "datetime",
  timestamp: "datetime",
  enum: "string",
};

/** Hint for a type that there is not; shared with inputs. */
export const typeHint = (type: string): string => {
  const meant = OTHER_NAMES[type.toLowerCase()] ?? suggest(type, TYPE_NAMES);
  return meant === null ? `types are ${TYPE_NAMES.join(", ")}` : `did you mean \`${meant}\`?`;
};

export function checkFields(ir: AppIr, manifest: RawManifest): Diagnostic[] {
  const names = ir.entities.map((entity) => entity.name);
  return ir.entities.flatMap((entity, e) =>
    entity.fields.flatMap((field, f) => {
      const raw = manifest.entities[e]?.fields[f];
      const where = `${entity.name}.${field.name}`;
      // A field of no known type is text in the IR: what follows from that is not the user's mistake.
      if (raw !== undefined && parseFieldType(raw.type, null) === null)
        return [
          diagnose(
            "FIELD_TYPE_UNKNOWN",
            `${where} has the type \`${raw.type}\`, which does not exist`,
            `${field.origin.key}#type`,
            {
              label: "no such type",
              hint: typeHint(raw.type),
            },
          ),
        ];
      return [
        ...checkTarget(where, field, names),
        ...checkEnum(where, field),
        ...checkDefault(where, field, raw?.default),
        ...checkCrdt(where, field),
        ...checkRename(entity, field),
      ];
    }),
  );
}

function checkTarget(where: string, { type, origin }: FieldIr, names: readonly string[]): Diagnostic[] {
  if (type.kind !== "id" || names.includes(type.target)) return [];
  const message = `${where} points at \`${type.target}\`, which is not an entity of the app`;
  return [
    diagnose("FIELD_ID_TARGET_NOT_FOUND", message, `${origin.key}#type`, {
      label: "no such entity",
      hint: didYouMean(type.target, names),
    }),
  ];
}

function checkEnum(where: string, { type, origin }: FieldIr): Diagnostic[] {
  if (type.kind !== "string" || type.values === null) return [];
  if (type.values.length === 0)
    return [diagnose("FIELD_ENUM_INVALID", `${where} is an enum without values`, origin.key)];
  const twice = type.values.find((value, i) => type.values?.indexOf(value) !== i);
  const lost = type.values.find((value) => !isStorable(value));
  return [
    ...(twice === undefined ? [] : [`${where} has the value "${twice}" twice`]),
    ...(lost === undefined ? [] : [`${where} has the value ${JSON.stringify(lost)}, which no database can store`]),
  ].map((message) => diagnose("FIELD_ENUM_INVALID", message, origin.key));
}

function checkDefault(where: string, field: FieldIr, raw: unknown): Diagnostic[] {
  const { default: fallback, type, origin } = field;
  if (fallback === null)
    return raw === undefined
      ? []
      : [
          diagnose("FIELD_DEFAULT_TYPE", `${where} has a default that names nothing of the caller`, origin.key, {
            hint: 'the only one is { $auth: "userId" }, which .owner() writes',
          }),
        ];
  if (fallback.kind === "userId")
    return type.kind === "id" || type.kind === "string"
      ? []
      : [
          diagnose(
            "FIELD_OWNER_TYPE",
            `${where} is ${typeText(type)} and cannot hold a user id`,
            `${origin.key}#owner`,
          ),
        ];
  if (fallback.kind === "now" || fits(fallback.value, type)) return [];
  return [
    diagnose(
      "FIELD_DEFAULT_TYPE",
      `the default ${JSON.stringify(fallback.value)} of ${where} is not ${typeText(type)}`,
      `${origin.key}#default`,
      { label: "does not fit" },
    ),
  ];
}

/** Postgres has no U+0000 in text, and half of a surrogate pair is no UTF-8. */
const isStorable = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);

/** What an insert would accept. JSON columns hold any value; a vector has no default that a manifest could carry. */
function fits(value: string | number | boolean, type: FieldType): boolean {
  if (typeof value === "string" && !isStorable(value)) return false;
  switch (type.kind) {
    case "string":
      return typeof value === "string" && (type.values === null || type.values.includes(value));
    case "richtext":
    case "id":
      return typeof value === "string";
    case "datetime":
      return typeof value === "string" && parseDatetime(value) !== null;
    case "int":
      return Number.isSafeInteger(value);
    case "float":
      return typeof value === "number" && Number.isFinite(value);
    case "bool":
      return typeof value === "boolean";
    case "json":
      return true;
    case "vector":
      return false;
  }
}

const typeText = (type: FieldType): string => {
  if (type.kind === "string" && type.values !== null) return `one of ${listed(type.values.map((v) => `"${v}"`))}`;
  const text = type.kind === "id" ? `an id of ${type.target}` : type.kind === "int" ? "an int" : `a ${type.kind}`;
  return type.kind === "json" || type.kind === "richtext" ? type.kind : text;
};

const CRDT_TYPES: Readonly<Record<Exclude<RawCrdt, "lww">, readonly FieldType["kind"][]>> = {
  text: ["string", "richtext"],
  counter: ["int", "float"],
  list: ["json"],
  "movable-list": ["json"],
  tree: ["json"],
};

function checkCrdt(where: string, { crdt, type, origin }: FieldIr): Diagnostic[] {
  if (crdt === null || !Object.hasOwn(CRDT_TYPES, crdt)) return [];
  const kinds = CRDT_TYPES[crdt as keyof typeof CRDT_TYPES];
  if (kinds.includes(type.kind)) return [];
  const message = `${where} is ${typeText(type)} and cannot be a CRDT ${crdt}`;
  return [
    diagnose("CRDT_TYPE", message, `${origin.key}#crdt`, {
      label: "does not fit",
      hint: `\`${crdt}\` fits ${listed(kinds)}`,
    }),
  ];
}

function checkRename(entity: EntityIr, { name, renamedFrom, origin }: FieldIr): Diagnostic[] {
  if (renamedFrom === null) return [];
  const other = entity.fields.find((f) => f.name === renamedFrom || (f.name !== name && f.renamedFrom === renamedFrom));
  if (other === undefined) return [];
  const why = other.name === renamedFrom ? "which is still a field" : `and so is \`${other.name}\``;
  return [
    diagnose(
      "FIELD_RENAME_CONFLICT",
      `${entity.name}.${name} is renamed from \`${renamedFrom}\`, ${why}`,
      `${origin.key}#renamedFrom`,
      {
        ...(other.name === name ? {} : { related: [{ at: other.origin, message: "this one" }] }),
      },
    ),
  ];
}
