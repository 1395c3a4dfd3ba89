/** Routes and declared calls: named things with plain data. */
import type { FieldKind } from "./field.ts";
import { type Place, placeOf } from "./positions.ts";

export type RouteMode = "static" | "server" | "live" | "ssr";

export interface Route {
  readonly path: string;
  readonly mode: RouteMode;
  readonly query?: string;
  readonly auth?: "public" | "user";
  readonly component?: string;
  readonly layouts?: readonly string[];
  readonly kind?: string;
}

export interface CallInput {
  readonly name: string;
  readonly type: FieldKind | (string & {});
  readonly optional?: boolean;
}

export interface Call<N extends string = string> {
  readonly name: N;
  readonly input: readonly CallInput[];
}

const places = new WeakMap<object, Place>();

export const placeOfCall = (made: object): Place | undefined => places.get(made);

const placed = <T extends object>(made: T, place: Place): T => {
  places.set(made, place);
  return Object.freeze(made);
};

export const defineRoute = (route: Route): Route => placed({ ...route }, placeOf(defineRoute));

export const query = <const N extends string>(name: N, def: { readonly input?: readonly CallInput[] } = {}): Call<N> =>
  placed({ name, input: def.input ?? [] }, placeOf(query));

export const action = <const N extends string>(name: N, def: { readonly input?: readonly CallInput[] } = {}): Call<N> =>
  placed({ name, input: def.input ?? [] }, placeOf(action));
