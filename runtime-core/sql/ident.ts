/** A name as SQL, the same on both dialects: always quoted, so no word is reserved and the case is kept. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
