import type { Scalar } from "../../runtime-core/sql/coerce.ts";
import type { FieldType } from "../ir/app.ts";
import type { PolicyField, Root } from "./schema.ts";

/** The type of a compared value. `unknown` is what a JSON column holds: compared by the loose rules of dsl 2.4. */
export type ValueType = "text" | "number" | "bool" | "datetime" | "unknown" | "null";

/** A side of a comparison, with its names resolved. */
export type Operand =
  | { readonly kind: "literal"; readonly type: ValueType; readonly value: Scalar }
  | { readonly kind: "auth"; readonly name: "userId" | "tenantId" }
  | { readonly kind: "now" }
  /** A name that stands for nothing, which `check` has reported. Null, but equal only to a written `null`. */
  | { readonly kind: "absent" }
  | { readonly kind: "ago"; readonly ms: number }
  | FieldOperand
  /** The scalar at `path` in a JSON column (the column itself when the path is empty). */
  | { readonly kind: "json"; readonly root: Root; readonly name: string; readonly path: string }
  /** A text read as a number, null where it is none. */
  | { readonly kind: "number"; readonly of: Operand };

export interface FieldOperand {
  readonly kind: "field";
  readonly root: Root;
  readonly name: string;
  readonly type: ValueType;
  readonly nullable: boolean;
  /** Members of an enum, else null. */
  readonly values: readonly string[] | null;
}

const TYPES: Readonly<Record<FieldType["kind"], ValueType>> = {
  string: "text",
  richtext: "text",
  id: "text",
  int: "number",
  float: "number",
  bool: "bool",
  datetime: "datetime",
  json: "unknown",
  // Policies cannot look into vectors: `check` refuses them.
  vector: "null",
};

export const valueType = (type: FieldType): ValueType => TYPES[type.kind];

export const typeOfLiteral = (value: Scalar): ValueType =>
  value === null ? "null" : typeof value === "string" ? "text" : typeof value === "number" ? "number" : "bool";

export const literal = (value: Scalar, type: ValueType = typeOfLiteral(value)): Operand => ({
  kind: "literal",
  type,
  value,
});

export const fieldOperand = (root: Root, field: PolicyField): FieldOperand => ({
  kind: "field",
  root,
  name: field.name,
  type: valueType(field.type),
  nullable: field.optional,
  values: field.type.kind === "string" ? field.type.values : null,
});

export function typeOf(operand: Operand): ValueType {
  switch (operand.kind) {
    case "literal":
    case "field":
      return operand.type;
    case "auth":
      return "text";
    case "now":
    case "ago":
      return "datetime";
    case "json":
      return "unknown";
    case "absent":
      return "null";
    case "number":
      return "number";
  }
}

/** The value is known from the caller and the clock alone. */
export const isCallers = (operand: Operand): boolean =>
  operand.kind === "number" ? isCallers(operand.of) : operand.kind !== "field" && operand.kind !== "json";

export function isNullable(operand: Operand): boolean {
  if (operand.kind === "field") return operand.nullable;
  if (operand.kind === "literal") return operand.value === null;
  return operand.kind !== "now" && operand.kind !== "ago";
}
