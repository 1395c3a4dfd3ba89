import { type CodeName, codeEntry } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

type More = Omit<Diagnostic, "code" | "severity" | "message" | "at">;

/** A diagnostic at the place of a builder's key, with the severity of the table; a label alone does not say what to do, so the table's
 * advice goes with it. Undefined members of `more` are left out. */
export function diagnose(
  code: CodeName,
  message: string,
  key: string,
  more: { [K in keyof More]?: More[K] | undefined } = {},
): Diagnostic {
  const { label, hint = label === undefined ? undefined : codeEntry(code).advice } = more;
  const given = Object.fromEntries(
    Object.entries({ ...more, hint }).filter(([, value]) => value !== undefined),
  ) as More;
  return { code, severity: codeEntry(code).severity, message, at: { key }, ...given };
}

/** `a`, `b and c`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** Each item whose key an earlier one has: with that one and how many came before, for the origins of repeated builders. */
export function repeats<T>(items: readonly T[], keyOf: (item: T) => string): { item: T; first: T; nth: number }[] {
  const seen = new Map<string, { first: T; count: number }>();
  return items.flatMap((item) => {
    const known = seen.get(keyOf(item));
    if (known === undefined) {
      seen.set(keyOf(item), { first: item, count: 1 });
      return [];
    }
    return [{ item, first: known.first, nth: known.count++ }];
  });
}
