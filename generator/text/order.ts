/** Order of text that is the same on each machine; `localeCompare` is not. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
