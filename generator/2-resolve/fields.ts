import type { RawDefault, RawEntity, RawField, RawManifest } from "../1-load/raw-manifest.ts";
import type { DefaultIr, FieldIr, FieldType } from "../ir/app.ts";
import { parseFieldType } from "./field-type.ts";
import type { WrittenRules } from "./written-rules.ts";

/** Columns of sign-in and of the system: no caller ever sees or sets one, for whoever writes an own hash signs in as another. */
const isHidden = (name: string): boolean => name === "passwordHash" || name.startsWith("_");

export function resolveFields(entity: RawEntity, manifest: RawManifest, rules: WrittenRules): FieldIr[] {
  const { user } = manifest.auth;
  const isUser = entity.name === user.entity;
  // As in the original, `expose` bounds user rows wherever they are read, not only in the session's answer.
  const isKept = (name: string) =>
    isUser && (user.hide.includes(name) || (user.expose.length > 0 && !user.expose.includes(name)));
  return entity.fields.map((field) => resolveField(entity, field, isKept(field.name), rules));
}

function resolveField(entity: RawEntity, raw: RawField, isKept: boolean, rules: WrittenRules): FieldIr {
  // An unknown type is reported by 3-check; text in its place keeps everything that names the field quiet.
  const type = parseFieldType(raw.type, raw.enumValues ?? null) ?? { kind: "string", values: null };
  const fallback = resolveDefault(raw.default, type);
  const hidden = isHidden(raw.name);
  const readableKey = `readable:${entity.name}.${raw.name}`;
  return {
    name: raw.name,
    type,
    optional: raw.optional,
    unique: raw.unique,
    default: fallback,
    readonly: raw.readonly === true || fallback?.kind === "userId",
    serverOnly: raw.serverOnly === true || hidden || isKept || type.kind === "vector",
    hidden,
    syncOmit: raw.syncOmit === true,
    encrypted: raw.encrypted === true,
    readable: raw.readable === undefined ? null : rules.rule(readableKey, raw.readable),
    crdt: raw.crdt ?? null,
    renamedFrom: raw.renamedFrom ?? null,
    origin: { key: `field:${entity.name}.${raw.name}` },
  };
}

/** `"now"` on a datetime is the current time; on any other type it is a text like any other. */
function resolveDefault(raw: RawDefault | undefined, type: FieldType): DefaultIr | null {
  if (raw === undefined) return null;
  if (typeof raw === "object") return raw.$auth === "userId" ? { kind: "userId" } : null;
  if (raw === "now" && type.kind === "datetime") return { kind: "now" };
  return { kind: "value", value: raw };
}

const TENANT_NAMES: readonly string[] = ["tenantId", "tenant_id"];

/** The column that ties a row to a tenant: the name decides, as in the original; it must be able to hold an id. */
export const tenantFieldOf = (fields: readonly FieldIr[]): string | null =>
  fields.find((f) => TENANT_NAMES.includes(f.name) && (f.type.kind === "string" || f.type.kind === "id"))?.name ?? null;

export const ownerFieldOf = (fields: readonly FieldIr[]): string | null =>
  fields.find((field) => field.default?.kind === "userId")?.name ?? null;
