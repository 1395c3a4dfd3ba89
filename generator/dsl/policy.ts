import type { Entity, Fields, Row } from "./entity.ts";
import { type Place, placeOf } from "./positions.ts";
import type { AnyRule, Rule, UnknownRow } from "./rule.ts";
import { checkKeys, checkSurplus, type KeysOf } from "./strays.ts";

type RowOf<E> = E extends { readonly fields: infer F extends Fields } ? Row<F> : UnknownRow;
type NameOf<E> = E extends { readonly name: infer N extends string } ? N : E extends string ? E : never;
/** A name that a helper function takes as a plain `string` cannot be seen here: `never` fits every app, and `codegen` checks it. */
type SeenNameOf<E> = string extends NameOf<E> ? never : NameOf<E>;

export interface PolicyInput<E> {
  readonly name?: string;
  /** The entity, or its name; with the entity, rules written as arrows are typed by its row. */
  readonly entity?: E;
  readonly action?: string | { readonly name: string };
  readonly allow?: Rule<RowOf<E>>;
  readonly allowRead?: Rule<RowOf<E>>;
  readonly allowInsert?: Rule<RowOf<E>>;
  readonly allowUpdate?: Rule<RowOf<E>>;
  readonly allowDelete?: Rule<RowOf<E>>;
  /** Insert, update and delete where they have no rule of their own. */
  readonly allowWrite?: Rule<RowOf<E>>;
}

export const RULES = ["allow", "allowRead", "allowInsert", "allowUpdate", "allowDelete", "allowWrite"] as const;

export const POLICY_KEYS: KeysOf<PolicyInput<never>> = {
  name: true,
  entity: true,
  action: true,
  allow: true,
  allowRead: true,
  allowInsert: true,
  allowUpdate: true,
  allowDelete: true,
  allowWrite: true,
};

/** `E` is the literal name of the entity where it is known, so that `buildManifest` can see that the entity is there. */
export type Policy<E extends string = string> = {
  readonly name?: string;
  readonly entity?: E;
  readonly action?: string;
} & { readonly [R in (typeof RULES)[number]]?: AnyRule };

const places = new WeakMap<object, Place>();

export const placeOfPolicy = (made: object): Place | undefined => places.get(made);

const nameOf = (of: string | { readonly name: string }): string => (typeof of === "string" ? of : of.name);

export const policy = <const E extends string | Entity = never>(
  def: PolicyInput<E>,
  ...surplus: readonly []
): Policy<SeenNameOf<E>> => {
  checkKeys(policy, "policy", def, POLICY_KEYS, "0");
  checkSurplus(policy, "policy", 1, surplus);
  const made = {
    ...def,
    ...(def.entity === undefined ? {} : { entity: nameOf(def.entity) as SeenNameOf<E> }),
    ...(def.action === undefined ? {} : { action: nameOf(def.action) }),
  } as Policy<SeenNameOf<E>>;
  places.set(made, placeOf(policy));
  return Object.freeze(made);
};
