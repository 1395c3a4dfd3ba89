/** The first occurrence of a name in app.ts, for things that no builder made. */
import { type Scanned, scanAt } from "./literal-scan.ts";
import type { OriginKey } from "./origin-key.ts";

/** Null: the name does not occur, or the key names nothing. */
export const findByName = (text: string, { path, ...key }: OriginKey): Scanned | null => {
  const owner = findOwner(text, key);
  if (owner === null) return null;
  const last = path.reduce((found, part) => named(text, part, found.end) ?? found, owner);
  return valueAfter(text, last) ?? last;
};

/** Where a property of that name is written: after the name of what has it, else the first one at all. */
export const findKeyByName = (text: string, key: string, of: Omit<OriginKey, "path"> | null): Scanned | null => {
  const owner = of === null ? null : findOwner(text, of);
  return keyAfter(text, key, owner?.end ?? 0) ?? keyAfter(text, key, 0);
};

const findOwner = (text: string, { kind, owner, member, occurrence }: Omit<OriginKey, "path">): Scanned | null => {
  if (owner === "") return null;
  const section = SECTIONS[kind];
  const from = section === undefined ? 0 : Math.max(0, text.search(section));
  const nth = member === null ? occurrence : 1;
  let at = named(text, owner, from);
  for (let n = 1; n < nth && at !== null; n++) at = named(text, owner, at.end);
  if (at === null) return null;
  return member === null ? at : (named(text, member, at.end) ?? at);
};

/** Queries, actions and policies come after the entities and may share their names. */
const SECTIONS: Readonly<Record<string, RegExp>> = {
  policy: /\bpolicies\b["']?\s*:/,
  query: /\bqueries\b["']?\s*:/,
  action: /\bactions\b["']?\s*:/,
  route: /\broutes\b["']?\s*:/,
};

const named = (text: string, name: string, from: number): Scanned | null => {
  const escaped = escapedName(name);
  return matched(text, `(["'\`])${escaped}\\1|(?<![\\w$])${escaped}(?![\\w$])`, from);
};

const keyAfter = (text: string, name: string, from: number): Scanned | null =>
  matched(text, `(?<![\\w$])(["']?)${escapedName(name)}\\1(?=\\s*:)`, from);

const escapedName = (name: string): string => name.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");

const matched = (text: string, pattern: string, from: number): Scanned | null => {
  const found = new RegExp(pattern, "g");
  found.lastIndex = from;
  const match = found.exec(text);
  return match === null ? null : { kind: "other", start: match.index, end: match.index + match[0].length };
};

/** Of a key with a string value, the value: `"allowRead": "true"`. */
const valueAfter = (text: string, { end }: Scanned): Scanned | null => {
  const colon = /\s*:/y;
  colon.lastIndex = end;
  if (!colon.test(text)) return null;
  const value = scanAt(text, colon.lastIndex);
  return value.kind === "string" ? value : null;
};
