import type { Stray } from "./strays.ts";

/**
 * Where builders were called. The loader puts a channel on globalThis before the app runs; without it (an app started by `node app.ts`)
 * nothing is kept. Positions never travel through stdout, which belongs to the manifest (D1).
 */
const CHANNEL = Symbol.for("pylon.load");
/** Deep enough for a helper of a helper; each frame costs some hundred nanoseconds. */
const FRAMES_MAX = 16;

/** Whatever the app calls. */
export type Builder = (...args: never[]) => unknown;

export interface LoadChannel {
  readonly appDir: string;
  /** Origin key to the raw stack of the builder call. A repeated key gets `@2`, `@3` … in order. */
  readonly positions: Map<string, string>;
  /** Keys of rules that were written as arrows. */
  readonly arrows: Set<string>;
  /** Files that the app read through `discover…`. */
  readonly reads: Set<string>;
  /** What the app wrote and no builder reads. */
  readonly strays: Stray[];
}

/** A captured call; its `stack` is text only when somebody asks. */
export type Place = { readonly stack?: string };

const holder = globalThis as { [CHANNEL]?: LoadChannel };

export const openChannel = (appDir: string): LoadChannel => {
  const channel: LoadChannel = { appDir, positions: new Map(), arrows: new Set(), reads: new Set(), strays: [] };
  holder[CHANNEL] = channel;
  return channel;
};

export const channel = (): LoadChannel | undefined => holder[CHANNEL];

/** The stack of the caller of `builder`. */
export const placeOf = (builder: Builder): Place => {
  const place: Place = {};
  if (holder[CHANNEL] === undefined) return place;
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES_MAX;
  Error.captureStackTrace(place, builder);
  Error.stackTraceLimit = before;
  return place;
};

export const record = (key: string, place: Place | undefined): void => {
  const positions = holder[CHANNEL]?.positions;
  if (positions === undefined || place?.stack === undefined) return;
  let free = key;
  for (let n = 2; positions.has(free); n++) free = `${key}@${n}`;
  positions.set(free, place.stack);
};
