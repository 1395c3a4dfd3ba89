/** Random numbers that are the same for the same seed on every machine (mulberry32). */
export interface Dice {
  /** 0 to below `n`, whole. */
  below(n: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
}

export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (share) => next() < share,
    pick(from) {
      const found = from[below(from.length)];
      if (found === undefined) throw new RangeError("nothing to pick from");
      return found;
    },
  };
}

/** PYLON_TEST_SCALE: how many times the size for CI a test is run at. */
export const testScale = Number(process.env.PYLON_TEST_SCALE ?? "1");

/** PYLON_TEST_SEED: where the random numbers of a test begin, the same each time unless it is set. */
export const testSeed = Number(process.env.PYLON_TEST_SEED ?? "11");
