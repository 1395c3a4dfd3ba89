import { type Builder, type Place, placeOf } from "./positions.ts";
import type { Rule, Scalar, UnknownRow } from "./rule.ts";
import { checkSurplus } from "./strays.ts";

export type PlainKind = "string" | "int" | "float" | "bool" | "datetime" | "richtext" | "json";
/** The manifest's `type` text. */
export type FieldKind = PlainKind | `id(${string})` | `vector(${number})`;

/** Counters, lists and trees are in the manifest's format, yet nothing writes them. */
export type Crdt = "lww" | "text" | "counter" | "list" | "movable-list" | "tree";
type CrdtOf<K> = K extends "string" | "richtext"
  ? "lww" | "text"
  : K extends "int" | "float"
    ? "lww" | "counter"
    : K extends "json"
      ? "lww" | "list" | "movable-list" | "tree"
      : "lww";

type UniqueKind = "string" | "int" | "float" | "bool" | "datetime" | "richtext" | `id(${string})`;
type OwnerKind = "string" | `id(${string})`;

export type FieldDefault = string | number | boolean | { readonly $auth: "userId" };

export interface FieldDef<K extends FieldKind = FieldKind, O extends boolean = boolean> {
  readonly type: K;
  readonly optional: O;
  readonly unique: boolean;
  readonly crdt?: Crdt;
  readonly serverOnly?: boolean;
  readonly syncOmit?: boolean;
  readonly readonly?: boolean;
  readonly encrypted?: boolean;
  readonly default?: FieldDefault;
  readonly enumValues?: readonly string[];
  readonly readable?: Rule<UnknownRow>;
  readonly renamedFrom?: string;
}

/** `V`: the value in a row. `K`: the manifest type. `O`: whether null is allowed. Immutable: each modifier gives a new field. */
export interface Field<V = unknown, K extends FieldKind = FieldKind, O extends boolean = boolean> {
  readonly _def: FieldDef<K, O>;
  /** Only a type: the value of a row. */
  readonly _value?: V;
  optional(): Field<V, K, true>;
  unique(this: Field<V, K & UniqueKind, O>): Field<V, K, O>;
  crdt(container: CrdtOf<K>): Field<V, K, O>;
  default(value: V & FieldDefault): Field<V, K, O>;
  defaultNow(this: Field<V, K & "datetime", O>): Field<V, K, O>;
  /** The caller's id is stamped on insert; nobody sets it to someone else. */
  owner(this: Field<V, K & OwnerKind, O>): Field<V, K, O>;
  /** Entity routes refuse to set it. */
  readonly(): Field<V, K, O>;
  /** Never sent to a client. */
  serverOnly(): Field<V, K, O>;
  syncOmit(): Field<V, K, O>;
  encrypted(): Field<V, K, O>;
  /** Who may not read it gets null. */
  readable(rule: Rule<UnknownRow>): Field<V, K, O>;
  renamedFrom(name: string): Field<V, K, O>;
}

const places = new WeakMap<object, Place>();

export const placeOfField = (field: object): Place | undefined => places.get(field);

const make = <V, K extends FieldKind, O extends boolean>(def: FieldDef<K, O>, place: Place): Field<V, K, O> => {
  const with_ = (more: Partial<FieldDef<K, O>>): Field<V, K, O> => make<V, K, O>({ ...def, ...more }, place);
  /** A modifier that takes nothing. */
  const flag = (name: string, more: Partial<FieldDef<K, O>>): (() => Field<V, K, O>) => {
    const modifier = (...surplus: readonly unknown[]): Field<V, K, O> => {
      checkSurplus(modifier, `.${name}`, 0, surplus);
      return with_(more);
    };
    return modifier;
  };
  const field: Field<V, K, O> = {
    _def: Object.freeze(def),
    optional: (...surplus: readonly []) => {
      checkSurplus(field.optional, ".optional", 0, surplus);
      return make<V, K, true>({ ...def, optional: true }, place);
    },
    unique: flag("unique", { unique: true }),
    crdt: (crdt) => with_({ crdt }),
    default: (value) => with_({ default: value }),
    defaultNow: flag("defaultNow", { default: "now" }),
    owner: flag("owner", { default: { $auth: "userId" }, readonly: true }),
    readonly: flag("readonly", { readonly: true }),
    serverOnly: flag("serverOnly", { serverOnly: true }),
    syncOmit: flag("syncOmit", { syncOmit: true }),
    encrypted: flag("encrypted", { encrypted: true }),
    readable: (readable) => with_({ readable }),
    renamedFrom: (renamedFrom) => with_({ renamedFrom }),
  };
  places.set(field, place);
  return Object.freeze(field);
};

const plain = <V, K extends PlainKind>(type: K, builder: Builder, surplus: readonly unknown[]): Field<V, K, false> => {
  checkSurplus(builder, `field.${type}`, 0, surplus);
  return make<V, K, false>({ type, optional: false, unique: false }, placeOf(builder));
};

type None = readonly [];

const float = (...more: None): Field<number, "float", false> => plain("float", float, more);
const bool = (...more: None): Field<boolean, "bool", false> => plain("bool", bool, more);
const string = (...more: None): Field<string, "string", false> => plain("string", string, more);
const int = (...more: None): Field<number, "int", false> => plain("int", int, more);
const datetime = (...more: None): Field<string, "datetime", false> => plain("datetime", datetime, more);
const richtext = (...more: None): Field<string, "richtext", false> => plain("richtext", richtext, more);
const json = <V = Json>(...more: None): Field<V, "json", false> => plain("json", json, more);

const id = <const T extends string>(target: T, ...more: None): Field<string, `id(${T})`, false> => {
  checkSurplus(id, "field.id", 1, more);
  return make({ type: `id(${target})`, optional: false, unique: false }, placeOf(id));
};

/** A vector may have 1 to this many numbers. */
const VECTOR_SIZE_MAX = 8192;

const vector = <const N extends number>(size: N, ...more: None): Field<readonly number[], `vector(${N})`, false> => {
  checkSurplus(vector, "field.vector", 1, more);
  if (!Number.isInteger(size) || size < 1 || size > VECTOR_SIZE_MAX)
    throw new Error(`field.vector(${size}): the size is a whole number from 1 to ${VECTOR_SIZE_MAX}`);
  return make({ type: `vector(${size})`, optional: false, unique: false, serverOnly: true }, placeOf(vector));
};

const oneOf = <const V extends string>(values: readonly V[], ...more: None): Field<V, "string", false> => {
  // The app is run without a type check, and the letters of a text are a list too.
  if (!Array.isArray(values)) throw new Error(`field.enum(${JSON.stringify(values)}, …): the values are one array`);
  checkSurplus(oneOf, "field.enum", 1, more);
  const enumValues = Object.freeze([...values]);
  return make({ type: "string", optional: false, unique: false, enumValues }, placeOf(oneOf));
};

export type Json = Scalar | readonly Json[] | { readonly [key: string]: Json };

export const field = Object.freeze({
  string,
  int,
  float,
  number: float,
  bool,
  boolean: bool,
  datetime,
  richtext,
  json,
  id,
  vector,
  enum: oneOf,
});
