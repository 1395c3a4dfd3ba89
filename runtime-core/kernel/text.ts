/**
 * Order of two strings by code point, as UTF-8 bytes have it and both databases sort (D21): negative, 0 or positive.
 * JavaScript's own `<` goes by UTF-16 units, where an emoji comes before U+FF5E.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Lifts surrogates (astral characters) above the rest of the basic plane. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Whether the text can be stored the same on every engine: no U+0000, no half of a surrogate pair (D21, `INVALID_TEXT`). */
export const isValidText = (text: string): boolean => !text.includes("\0") && !/\p{Surrogate}/u.test(text);
