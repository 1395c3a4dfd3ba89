const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Milliseconds of a duration such as `30d` or `1h30m`; null when it is none, or larger than 2^53 ms
 * (the original evaluator ends its process there, dsl 2.4).
 */
export function parseDuration(text: string): number | null {
  if (!/^(?:[0-9]+[smhdw])+$/.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/([0-9]+)([smhdw])/g))
    total += Number(count) * (UNIT_MS[unit ?? ""] ?? Number.NaN);
  return Number.isSafeInteger(total) ? total : null;
}
