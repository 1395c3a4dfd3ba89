/**
 * The nearest of `names` to what was written, or null when none is near: at most a third of the letters differ, two at least, so
 * that `Usr` finds `User` and `x` finds nothing. A difference in case alone always counts as near.
 */
export function suggest(written: string, names: Iterable<string>): string | null {
  const limit = Math.min(Math.max(2, Math.floor(written.length / 3)), written.length - 1);
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const name of names) {
    const distance = name.toLowerCase() === written.toLowerCase() ? 0 : editDistance(written, name);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** "did you mean `User`?", or undefined. */
export function didYouMean(written: string, names: Iterable<string>): string | undefined {
  const name = suggest(written, names);
  return name === null ? undefined : `did you mean \`${name}\`?`;
}

/** Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours count one each. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0;
