/** Which part of a builder call an origin means. */
import { type Entry, type Link, type Scanned, scanAt } from "./literal-scan.ts";
import type { OriginKey } from "./origin-key.ts";

/** The call at a frame: `field.string().optional()` from the name that was called on. */
export const callAt = (text: string, offset: number): readonly Link[] => {
  const found = scanAt(text, offset);
  return found.kind === "chain" ? found.links : [];
};

/** The literal that `key` means inside the builder call; null when the call does not hold it as a literal. */
export const findLiteral = (key: OriginKey, links: readonly Link[]): Scanned | null => {
  const args = links[0]?.args ?? [];
  const [first] = args;
  switch (key.kind) {
    case "policy":
      return key.member === null ? (within(property(first, "name"), key.path) ?? null) : property(first, key.member);
    case "index":
      return within(named(property(args[2], "indexes"), key), key.path);
    case "relation":
      return within(named(property(args[2], "relations"), key), key.path);
    case "search":
      return within(property(args[2], "search"), key.path);
    case "sync":
      return property(property(args[2], "sync"), "where") ?? property(args[2], "sync");
    case "readable":
      return modifier(links, "readable")?.args?.[0] ?? null;
    case "field":
      return key.path[0] === undefined ? null : fieldPart(links, key.path);
    case "route":
      return within(first, key.path.length > 0 ? key.path : ["path"]);
    case "app":
    case "auth":
      return within(first, key.path);
    case "query":
    case "action":
      return key.path.length > 0 ? within(args[1], key.path) : asString(first);
    default:
      return key.path.length > 0 ? within(args[2], key.path) : asString(first);
  }
};

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The key or argument at the end of `path`, which starts with the number of an argument; null where the call has no such literal. */
export const findKey = (links: readonly Link[], [argument, ...path]: readonly string[]): Range | null => {
  let found: Scanned | null = links[0]?.args?.[Number(argument)] ?? null;
  let key: Range | null = found;
  for (const part of path) {
    const bare: Scanned | null = found && unwrapped(found);
    const entry = entryOf(bare, part);
    found = bare?.kind === "array" ? (bare.items[Number(part)] ?? null) : (entry?.value ?? null);
    key = entry === null ? found : { start: entry.keyStart, end: entry.keyEnd };
  }
  return key;
};

/** The entry itself, for keys whose name is the thing: `search: {…}`. */
export const entryOf = (of: Scanned | null | undefined, key: string): Entry | null =>
  of?.kind === "object" ? (of.entries.find((entry) => entry.key === key) ?? null) : null;

const property = (of: Scanned | null | undefined, key: string): Scanned | null => entryOf(of, key)?.value ?? null;

const asString = (of: Scanned | undefined): Scanned | null => (of?.kind === "string" ? of : null);

const modifier = (links: readonly Link[], name: string): Link | undefined => links.find((link) => link.name === name);

/** `crdt` is the argument of `.crdt(…)`, `type` that of the constructor: `id("User")`. */
const fieldPart = (links: readonly Link[], [part = "", ...rest]: readonly string[]): Scanned | null => {
  const link = part === "type" ? links[0] : modifier(links, part);
  if (link === undefined) return null;
  const whole: Scanned = { kind: "other", start: link.start, end: link.end };
  return within(link.args?.[0] ?? whole, rest);
};

/** `relation({…})` stands for the object inside. */
const unwrapped = (item: Scanned): Scanned =>
  item.kind === "chain" && item.links[0]?.name === "relation" ? (item.links[0].args?.[0] ?? item) : item;

const named = (list: Scanned | null, { member, occurrence }: OriginKey): Scanned | null => {
  if (list?.kind !== "array") return null;
  const same = list.items.map(unwrapped).filter((item) => {
    const name = property(item, "name");
    return name?.kind === "string" && name.value === member;
  });
  return same[occurrence - 1] ?? same[0] ?? null;
};

/** As deep as the literals go: a diagnostic about a part that is not in sight marks the whole. */
const within = (of: Scanned | null | undefined, path: readonly string[]): Scanned | null => {
  let found = of ?? null;
  for (const part of path) {
    const next = found?.kind === "array" ? found.items[Number(part)] : property(found, part);
    if (next === null || next === undefined) break;
    found = next;
  }
  return found;
};
