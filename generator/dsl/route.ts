/** Routes and declared calls: named things with plain data. */
import type { FieldKind } from "./field.ts";
import { type Builder, type Place, placeOf } from "./positions.ts";
import { checkEach, checkKeys, checkSurplus, type KeysOf } from "./strays.ts";

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

export const ROUTE_KEYS: KeysOf<Route> = {
  path: true,
  mode: true,
  query: true,
  auth: true,
  component: true,
  layouts: true,
  kind: true,
};

export const defineRoute = (route: Route, ...surplus: readonly []): Route => {
  checkKeys(defineRoute, "defineRoute", route, ROUTE_KEYS, "0");
  checkSurplus(defineRoute, "defineRoute", 1, surplus);
  return placed({ ...route }, placeOf(defineRoute));
};

interface CallDef {
  readonly input?: readonly CallInput[];
}

const DEF_KEYS: KeysOf<CallDef> = { input: true };
const INPUT_KEYS: KeysOf<CallInput> = { name: true, type: true, optional: true };

const checkCall = (builder: Builder, call: string, def: CallDef, surplus: readonly unknown[]): void => {
  checkKeys(builder, call, def, DEF_KEYS, "1");
  checkEach(builder, call, def.input, INPUT_KEYS, "1", "input");
  checkSurplus(builder, call, 2, surplus);
};

export const query = <const N extends string>(name: N, def: CallDef = {}, ...surplus: readonly []): Call<N> => {
  checkCall(query, "query", def, surplus);
  return placed({ name, input: def.input ?? [] }, placeOf(query));
};

export const action = <const N extends string>(name: N, def: CallDef = {}, ...surplus: readonly []): Call<N> => {
  checkCall(action, "action", def, surplus);
  return placed({ name, input: def.input ?? [] }, placeOf(action));
};
