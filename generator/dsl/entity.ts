import type { Field } from "./field.ts";
import { type Place, placeOf } from "./positions.ts";
import type { AnyRule, Rule } from "./rule.ts";
import { checkEach, checkKeys, checkSurplus, type KeysOf } from "./strays.ts";

export type Fields = Readonly<Record<string, Field>>;

type Value<F> = F extends { readonly _value?: infer V; readonly _def: { readonly optional: infer O } }
  ? Exclude<V, undefined> | (O extends true ? null : never)
  : never;

/** The row of an entity: every column is there, null when unset. */
export type Row<F extends Fields> = { readonly id: string } & { readonly [K in keyof F]: Value<F[K]> };

/** `Infer<typeof Note>` is the row of Note. */
export type Infer<E extends { readonly fields: Fields }> = Row<E["fields"]>;

type Name<F> = keyof F & string;
type TextName<F> = { [K in Name<F>]: F[K] extends Field<unknown, "string" | "richtext"> ? K : never }[Name<F>];

export interface Index<N extends string = string> {
  readonly name: string;
  readonly fields: readonly N[];
  readonly unique?: boolean;
  readonly where?: string;
}

export interface Relation {
  readonly name: string;
  readonly target: Target<string>;
  readonly field: string;
  readonly many?: boolean | undefined;
}

type Target<T extends string> = T | { readonly name: T; readonly fields: object };

/** A single relation names a column of its own entity; the target of an `id` column must be the relation's. */
type SingleRelation<F> = {
  [K in Name<F>]: {
    readonly name: string;
    readonly field: K;
    readonly target: F[K] extends Field<unknown, infer Kind>
      ? Kind extends `id(${infer T})`
        ? Target<T>
        : Target<string>
      : never;
    readonly many?: false | undefined;
  };
}[Name<F>];

/**
 * A name that a helper function takes as a plain `string` cannot be seen here, so it passes and `codegen` checks it. `W` is what TypeScript
 * infers for the names of one entity: `string` when one of them is wide, else their literals, of which this leaves nothing.
 */
type Unseen<W extends string> = W & (string extends W ? unknown : never);

type UnseenRelation<W extends string> = Omit<Relation, "field"> & { readonly field: Unseen<W> };

/** A `many` relation names a column of the target, which is seen only when the target is given as a value. */
type ManyRelation = {
  readonly name: string;
  readonly field: string;
  readonly target: Target<string>;
  readonly many: true;
};

export interface Search<Text extends string = string, Any extends string = string> {
  readonly text?: readonly Text[];
  readonly facets?: readonly Any[];
  readonly sortable?: readonly Any[];
  readonly language?: string;
}

export interface EntityOptions<F extends Fields, W extends string = never> {
  readonly indexes?: readonly (Index<Name<F>> | Index<Unseen<W>>)[];
  readonly relations?: readonly (SingleRelation<F> | ManyRelation | UnseenRelation<W>)[];
  readonly search?: Search<TextName<F>, Name<F>>;
  /** `false`: not replicated. `where` is tested on top of the read rule. */
  readonly sync?: boolean | { readonly where?: Rule<Row<F>>; readonly limit?: number };
  readonly crdt?: boolean;
  readonly renamedFrom?: string;
}

interface SyncScope {
  readonly where?: AnyRule;
  readonly limit?: number;
}

export interface EntityDef {
  readonly indexes: readonly Index[];
  readonly relations: readonly Relation[];
  readonly search?: Search;
  readonly sync?: boolean | SyncScope;
  readonly crdt?: boolean;
  readonly renamedFrom?: string;
}

export interface Entity<N extends string = string, F extends Fields = Fields> {
  readonly name: N;
  readonly fields: F;
  readonly _def: EntityDef;
}

const places = new WeakMap<object, Place>();

export const placeOfEntity = (made: object): Place | undefined => places.get(made);

const OPTION_KEYS: KeysOf<EntityDef> = {
  indexes: true,
  relations: true,
  search: true,
  sync: true,
  crdt: true,
  renamedFrom: true,
};
const INDEX_KEYS: KeysOf<Index> = { name: true, fields: true, unique: true, where: true };
const RELATION_KEYS: KeysOf<Relation> = { name: true, target: true, field: true, many: true };
const SEARCH_KEYS: KeysOf<Search> = { text: true, facets: true, sortable: true, language: true };
const SYNC_KEYS: KeysOf<SyncScope> = { where: true, limit: true };

const checkOptions = (options: Partial<EntityDef>): void => {
  const { indexes, relations, search, sync } = options;
  // Of a text, `search` would be a method.
  if (!checkKeys(entity, "entity", options, OPTION_KEYS, "2")) return;
  checkEach(entity, "entity", indexes, INDEX_KEYS, "2", "indexes");
  checkEach(entity, "entity", relations, RELATION_KEYS, "2", "relations");
  checkKeys(entity, "entity", search, SEARCH_KEYS, "2", "search");
  if (typeof sync !== "boolean") checkKeys(entity, "entity", sync, SYNC_KEYS, "2", "sync");
};

/**
 * A table with its columns. Field order is key order.
 * @example const Note = entity("Note", { title: field.string() }, { indexes: [{ name: "by_title", fields: ["title"] }] });
 */
export const entity = <const N extends string, F extends Fields, W extends string = never>(
  name: N,
  fields: F,
  options: EntityOptions<F, W> = {},
  ...surplus: readonly []
): Entity<N, F> => {
  checkOptions(options);
  checkSurplus(entity, "entity", 3, surplus);
  const { indexes = [], relations = [], ...rest } = options;
  const made = { name, fields: Object.freeze({ ...fields }), _def: Object.freeze({ ...rest, indexes, relations }) };
  places.set(made, placeOf(entity));
  return Object.freeze(made);
};

/** A `many` relation to an entity that is given as a value names one of that entity's columns. */
type Checked<R> = R extends { readonly many: true; readonly target: { readonly fields: infer F } }
  ? { readonly field: Name<F> }
  : unknown;

/** Gives its argument back; it is there for the types and for reading. */
export const relation = <const R extends Relation>(def: R & Checked<R>, ...surplus: readonly []): R => {
  checkKeys(relation, "relation", def, RELATION_KEYS, "0");
  checkSurplus(relation, "relation", 1, surplus);
  return def;
};
