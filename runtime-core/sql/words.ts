/** `q` of a list (H-ENT-LIST): full text without an index, so the same on each engine; indexes are for `search` blocks. */
const WORD = /[\p{L}\p{N}\p{M}_]+/gu;

/** Words without case and accents, as SQLite's own tokenizer folds them. */
const wordsOf = (text: string): readonly string[] =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(WORD) ?? [];

let lastQuery = "";
let lastWords: readonly string[] = [];

/** Whether every word of `query` is a whole word of one of the texts. A query without a word finds nothing. */
export function hasWords(query: string, texts: readonly (string | null)[]): boolean {
  if (query !== lastQuery) {
    lastWords = wordsOf(query);
    lastQuery = query;
  }
  if (lastWords.length === 0) return false;
  const found = new Set(texts.flatMap((text) => (text === null ? [] : wordsOf(text))));
  return lastWords.every((word) => found.has(word));
}
