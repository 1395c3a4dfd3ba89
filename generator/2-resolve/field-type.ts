import type { FieldType } from "../ir/app.ts";

const PLAIN = ["int", "float", "bool", "datetime", "richtext", "json"] as const;
type Plain = (typeof PLAIN)[number];
const isPlain = (text: string): text is Plain => (PLAIN as readonly string[]).includes(text);

/** What type names a person may have meant: for suggestions. */
export const TYPE_NAMES: readonly string[] = ["string", ...PLAIN, "id(Entity)", "vector(n)"];

/** The manifest's type text as a type; null when there is no such type (`boolean` is none, dsl 1.4). */
export function parseFieldType(text: string, enumValues: readonly string[] | null): FieldType | null {
  if (text === "string") return { kind: "string", values: enumValues };
  if (isPlain(text)) return { kind: text };
  const target = /^id\(([^()]+)\)$/.exec(text)?.[1];
  if (target !== undefined) return { kind: "id", target };
  const size = /^vector\(([1-9]\d{0,3})\)$/.exec(text)?.[1];
  return size === undefined ? null : { kind: "vector", size: Number(size) };
}
