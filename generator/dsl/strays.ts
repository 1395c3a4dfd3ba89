/**
 * Keys and arguments that no builder reads. app.ts runs without a type check, and a misspelt `allowRead` would open every row in
 * silence: so each builder says here what it was given, and the loader draws what was too much. Nothing is thrown, so that all of it is
 * told at once.
 */
import { type Builder, channel, placeOf } from "./positions.ts";

/** The keys of `T`: adding one to the type asks for it here. */
export type KeysOf<T> = Readonly<Record<keyof T, true>>;

export type Stray = {
  /** What was called, as people know it: `policy`, `field.string`, `.optional`. */
  readonly call: string;
  /** From the arguments to the stray: `["2", "indexes", "0", "uniqe"]`; the number alone is the argument itself. */
  readonly path: readonly string[];
  /** The raw stack of the builder call. */
  readonly stack: string;
} & Reason;

type Reason =
  | { readonly kind: "key"; readonly known: readonly string[] }
  /** There should be an object. */
  | { readonly kind: "object" }
  /** The call takes only `wanted` arguments. */
  | { readonly kind: "surplus"; readonly wanted: number };

/** One thing used twice, as an index that two entities share, is told once. */
const seen = new WeakSet<object>();

const note = (builder: Builder, call: string, path: readonly string[], reason: Reason): void => {
  channel()?.strays.push({ call, path, stack: placeOf(builder).stack ?? "", ...reason });
};

/** `path`: where `of` stands in the arguments of `builder`. What is left out is fine. False: it is no object. */
export const checkKeys = (
  builder: Builder,
  call: string,
  of: unknown,
  keys: Readonly<Record<string, true>>,
  ...path: readonly string[]
): boolean => {
  if (of === undefined) return true;
  if (typeof of !== "object" || of === null || Array.isArray(of)) {
    note(builder, call, path, { kind: "object" });
    return false;
  }
  if (seen.has(of)) return true;
  seen.add(of);
  for (const key of Object.keys(of))
    if (!Object.hasOwn(keys, key)) note(builder, call, [...path, key], { kind: "key", known: Object.keys(keys) });
  return true;
};

/** The same for each object of a list; a list that is none is refused by the shape of the manifest. */
export const checkEach = (
  builder: Builder,
  call: string,
  list: unknown,
  keys: Readonly<Record<string, true>>,
  ...path: readonly string[]
): void => {
  if (!Array.isArray(list)) return;
  for (const [i, item] of list.entries()) checkKeys(builder, call, item, keys, ...path, String(i));
};

/** `wanted`: how many arguments the builder takes; `surplus`: what came after them. */
export const checkSurplus = (builder: Builder, call: string, wanted: number, surplus: readonly unknown[]): void => {
  if (surplus.length > 0) note(builder, call, [String(wanted)], { kind: "surplus", wanted });
};
