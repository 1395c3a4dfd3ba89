import type { ColumnType } from "./dialect.ts";

/** A field's type as far as its column goes; the generator's `FieldType` fits without a cast. */
export type ColumnKind = "string" | "richtext" | "datetime" | "json" | "id" | "int" | "bool" | "float" | "vector";

/** Datetimes are UTC text and json is text, so that a value comes back as it went in; codecs keep int within ±(2^53-1). */
const TYPES: Readonly<Record<ColumnKind, ColumnType>> = {
  string: "text",
  richtext: "text",
  datetime: "text",
  json: "json",
  id: "text",
  int: "int",
  bool: "bool",
  float: "float",
  vector: "bytes",
};

/** The column type of a field. */
export const columnType = ({ kind }: { readonly kind: ColumnKind }): ColumnType => TYPES[kind];
