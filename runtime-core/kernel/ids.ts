import type { Clock } from "./clock.ts";

/** Source of unguessable bytes; web crypto, so that it runs in Node, browsers and workerd alike. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

const ROW_ID = /^[0-9a-f]{40}$/;

/** Any 40 lower-case hex digits are a row id, whoever made it (D21, H-ENT-INSERT). */
export const isRowId = (value: unknown): value is string => typeof value === "string" && ROW_ID.test(value);

/**
 * Makes row ids: 40 lower-case hex digits, 12 of milliseconds, 8 of a counter, 20 random (drawn from a pool
 * refilled 1,000 bytes at a time). They sort by time, and within one process by creation, since the counter never goes back.
 */
export function rowIds(clock: Clock, random: Random): () => string {
  let lastMs = 0;
  let counter = 0;
  let pool = "";
  let used = 0;
  return () => {
    const now = clock.now();
    if (now > lastMs) {
      lastMs = now;
      counter = 0;
    } else {
      counter += 1;
    }
    if (used + 20 > pool.length) {
      pool = toHex(random.bytes(1000));
      used = 0;
    }
    const tail = pool.slice(used, used + 20);
    used += 20;
    return lastMs.toString(16).padStart(12, "0") + counter.toString(16).padStart(8, "0") + tail;
  };
}
