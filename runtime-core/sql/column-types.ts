import type { Dialect, DialectName } from "./dialect.ts";

/** A field's type as far as its column goes; the generator's `FieldType` fits without a cast. */
export type ColumnKind = "string" | "richtext" | "datetime" | "json" | "id" | "int" | "bool" | "float" | "vector";

/**
 * Text is compared by bytes on both engines (D21), hence `COLLATE "C"`. Datetimes are UTC text and json is text, so that
 * a value comes back as it went in. int is 64-bit; codecs keep it within ±(2^53-1).
 */
const TYPES: Readonly<Record<DialectName, Readonly<Record<ColumnKind, string>>>> = {
  sqlite: {
    string: "TEXT",
    richtext: "TEXT",
    datetime: "TEXT",
    json: "TEXT",
    id: "TEXT",
    int: "INTEGER",
    bool: "INTEGER",
    float: "REAL",
    vector: "BLOB",
  },
  postgres: {
    string: 'TEXT COLLATE "C"',
    richtext: 'TEXT COLLATE "C"',
    datetime: 'TEXT COLLATE "C"',
    json: "TEXT",
    id: 'TEXT COLLATE "C"',
    int: "BIGINT",
    bool: "BOOLEAN",
    float: "DOUBLE PRECISION",
    vector: "BYTEA",
  },
};

/** The column type of a field, as it stands in CREATE TABLE. */
export const columnType = (type: { readonly kind: ColumnKind }, dialect: Dialect): string =>
  TYPES[dialect.name][type.kind];
