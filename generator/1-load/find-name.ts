/** The first occurrence of a name in app.ts, for things that no builder made. */
import { type Scanned, scanAt } from "./literal-scan.ts";
import type { OriginKey } from "./origin-key.ts";

/** Null: the name does not occur, or the key names nothing. */
export const findByName = (text: string, { kind, owner, member, occurrence, path }: OriginKey): Scanned | null => {
  if (owner === "") return null;
  const section = SECTIONS[kind];
  const from = section === undefined ? 0 : Math.max(0, text.search(section));
  const nth = member === null ? occurrence : 1;
  let at = named(text, owner, from);
  for (let n = 1; n < nth && at !== null; n++) at = named(text, owner, at.end);
  if (at === null) return null;
  const memberAt = member === null ? at : (named(text, member, at.end) ?? at);
  const last = path.reduce((found, part) => named(text, part, found.end) ?? found, memberAt);
  return valueAfter(text, last) ?? last;
};

/** Queries, actions and policies come after the entities and may share their names. */
const SECTIONS: Readonly<Record<string, RegExp>> = {
  policy: /\bpolicies\b["']?\s*:/,
  query: /\bqueries\b["']?\s*:/,
  action: /\bactions\b["']?\s*:/,
  route: /\broutes\b["']?\s*:/,
};

const named = (text: string, name: string, from: number): Scanned | null => {
  const escaped = name.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
  const found = new RegExp(`(["'\`])${escaped}\\1|(?<![\\w$])${escaped}(?![\\w$])`, "g");
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
