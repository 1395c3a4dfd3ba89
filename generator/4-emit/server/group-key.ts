import { isAlways, type Predicate } from "./predicates.ts";

/** What of a caller a rule can look at, as it stands in printed rules. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/\bauth\.userId\b/, "auth.userId"],
  [/\bauth\.tenantId\b/, "auth.tenantId"],
  [/\bauth\.isGuest\b/, "auth.isGuest"],
  [/\bhas(?:Any)?Role\(/, "auth.roles"],
];

/**
 * Expression for everything of the caller that decides what it sees of the entity: callers with equal keys see the same. An admin passes
 * every rule, so admins are a group of their own. `test` is what `see` asks.
 */
export function groupKey(deciding: readonly Predicate[], test: string): string {
  const text = deciding.map((rule) => rule.text.slice(rule.text.indexOf("\n"))).join("\n");
  const parts = PARTS.filter(([pattern]) => pattern.test(text)).map(([, part]) => part);
  // A rule that names the row alone still tells an admin from others.
  if (test === "true" && deciding.every(isAlways)) return '""';
  if (parts.length === 0) return '(auth.isAdmin ? "admin" : "")';
  return `(auth.isAdmin ? "admin" : JSON.stringify([${parts.join(", ")}]))`;
}
