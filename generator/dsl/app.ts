import { type Auth, auth, placeOfAuth } from "./auth.ts";
import type { Entity } from "./entity.ts";
import { placeOfEntity } from "./entity.ts";
import type { Definition, Plugin } from "./extras.ts";
import { type Field, placeOfField } from "./field.ts";
import type { AppManifest, Compat, ManifestCall, ManifestEntity, ManifestField, ManifestPolicy } from "./manifest.ts";
import { POLICY_KEYS, type Policy, placeOfPolicy, RULES } from "./policy.ts";
import { channel, placeOf, record } from "./positions.ts";
import { type Call, placeOfCall, ROUTE_KEYS, type Route } from "./route.ts";
import type { AnyRule } from "./rule.ts";
import { checkKeys, checkSurplus, type KeysOf } from "./strays.ts";

type NameOf<E> = E extends { readonly name: infer N extends string } ? N : never;
/** The targets of the `id` fields of these entities. */
type TargetOf<E> = E extends { readonly fields: infer F }
  ? {
      [K in keyof F]: F[K] extends Field<unknown, infer Kind> ? (Kind extends `id(${infer T})` ? T : never) : never;
    }[keyof F]
  : never;
/** `unknown` when every target is an entity of the app; else a type that nothing is, with the missing names in sight. */
type Linked<Es extends readonly Entity[]> = [Exclude<TargetOf<Es[number]>, NameOf<Es[number]>>] extends [infer Missing]
  ? [Missing] extends [never]
    ? unknown
    : string extends NameOf<Es[number]>
      ? unknown
      : { readonly "field.id() names an entity that is not in the app": Missing }
  : never;

export interface AppInput<Es extends readonly Entity[]> {
  readonly name: string;
  readonly version?: string;
  readonly entities: Es & Linked<Es>;
  readonly routes?: readonly Route[];
  readonly queries?: readonly Call[];
  readonly actions?: readonly Call[];
  readonly policies?: readonly Policy<NameOf<Es[number]>>[];
  readonly auth?: Auth;
  readonly plugins?: readonly Plugin[];
  readonly llm?: Definition;
  readonly connections?: readonly Definition[];
  readonly crons?: readonly Definition[];
  readonly fonts?: readonly Definition[];
  readonly requiredEnv?: readonly Definition[];
  readonly compat?: Compat;
}

const APP_KEYS: KeysOf<AppInput<readonly Entity[]>> = {
  name: true,
  version: true,
  entities: true,
  routes: true,
  queries: true,
  actions: true,
  policies: true,
  auth: true,
  plugins: true,
  llm: true,
  connections: true,
  crons: true,
  fonts: true,
  requiredEnv: true,
  compat: true,
};

/** Policies and routes may be written without their builder, which has looked at the others. */
const checkInput = (input: Pick<AppInput<readonly Entity[]>, "policies" | "routes">): void => {
  const { policies = [], routes = [] } = input;
  checkKeys(buildManifest, "app", input, APP_KEYS, "0");
  for (const [i, policy] of policies.entries())
    if (placeOfPolicy(policy) === undefined)
      checkKeys(buildManifest, "app", policy, POLICY_KEYS, "0", "policies", String(i));
  for (const [i, route] of routes.entries())
    if (placeOfCall(route) === undefined) checkKeys(buildManifest, "app", route, ROUTE_KEYS, "0", "routes", String(i));
};

/**
 * The app as data. Print it (`console.log(JSON.stringify(buildManifest({…}), null, 2))`) or export it
 * (`export default app({…})`).
 */
export const buildManifest = <const Es extends readonly Entity[]>(
  input: AppInput<Es>,
  ...surplus: readonly []
): AppManifest => {
  checkInput(input);
  checkSurplus(buildManifest, "app", 1, surplus);
  record("app", placeOf(buildManifest));
  if (input.auth !== undefined) record("auth", placeOfAuth(input.auth));
  for (const route of input.routes ?? []) record(`route:${route.path}`, placeOfCall(route));
  return {
    manifest_version: 1,
    name: input.name,
    version: input.version ?? "0.0.0",
    entities: input.entities.map(entityOf),
    routes: (input.routes ?? []).map(routeOf),
    queries: (input.queries ?? []).map((call) => callOf("query", call)),
    actions: (input.actions ?? []).map((call) => callOf("action", call)),
    policies: (input.policies ?? []).map(policyOf),
    auth: input.auth ?? auth(),
    ...(input.llm && { llm: input.llm }),
    ...filled("connections", input.connections),
    ...filled("crons", input.crons),
    ...filled("fonts", input.fonts),
    ...filled("requiredEnv", input.requiredEnv),
    ...filled(
      "plugins",
      input.plugins?.map((plugin) => plugin.name),
    ),
    ...(input.compat && { compat: input.compat }),
  };
};

/** The same, under the name that reads well in `export default app({…})`. */
export const app = buildManifest;

const filled = <K extends string, T>(key: K, list: readonly T[] = []): { readonly [P in K]?: readonly T[] } =>
  list.length === 0 ? {} : ({ [key]: list } as { readonly [P in K]: readonly T[] });

/** An arrow cannot be printed: the channel keeps that it was there, and the loader reads it from the source. */
const ruleText = (key: string, rule: AnyRule): string => {
  if (typeof rule === "string") return rule;
  channel()?.arrows.add(key);
  return "";
};

const entityOf = (entity: Entity): ManifestEntity => {
  const { name, fields, _def: def } = entity;
  record(`entity:${name}`, placeOfEntity(entity));
  const search = def.search;
  const lists = [search?.text, search?.facets, search?.sortable];
  const scope = typeof def.sync === "object" ? def.sync : undefined;
  return {
    name,
    fields: Object.entries(fields).map(([fieldName, field]) => fieldOf(name, fieldName, field)),
    indexes: def.indexes.map(({ name, fields, unique = false, where }) => ({
      name,
      fields,
      unique,
      ...(where && { where }),
    })),
    ...(def.relations.length > 0 && {
      relations: def.relations.map(({ name, target, field, many }) => ({
        name,
        target: typeof target === "string" ? target : target.name,
        field,
        ...(many !== undefined && { many }),
      })),
    }),
    ...(lists.some((list) => list !== undefined && list.length > 0) && {
      search: {
        text: search?.text ?? [],
        facets: search?.facets ?? [],
        sortable: search?.sortable ?? [],
        ...(search?.language && { language: search.language }),
      },
    }),
    ...(def.sync === false && { sync: false }),
    ...(scope?.where !== undefined && { sync_scope: ruleText(`sync:${name}`, scope.where) }),
    ...(scope?.limit !== undefined && { sync_limit: scope.limit }),
    ...(def.crdt === false && { crdt: false }),
    ...(def.renamedFrom && { renamedFrom: def.renamedFrom }),
  };
};

const fieldOf = (entity: string, name: string, field: Field): ManifestField => {
  const def = field._def;
  record(`field:${entity}.${name}`, placeOfField(field));
  return {
    name,
    type: def.type,
    optional: def.optional,
    unique: def.unique,
    ...(def.crdt && { crdt: def.crdt }),
    ...(def.serverOnly && { serverOnly: true }),
    ...(def.syncOmit && { syncOmit: true }),
    ...(def.readonly && { readonly: true }),
    ...(def.encrypted && { encrypted: true }),
    ...(def.default !== undefined && { default: def.default }),
    ...(def.enumValues && { enumValues: def.enumValues }),
    ...(def.readable !== undefined && { readable: ruleText(`readable:${entity}.${name}`, def.readable) }),
    ...(def.renamedFrom && { renamedFrom: def.renamedFrom }),
  };
};

const routeOf = ({ path, mode, query, auth, component, layouts, kind }: Route): Route => ({
  path,
  mode,
  ...(query !== undefined && { query }),
  ...(auth !== undefined && { auth }),
  ...(component !== undefined && { component }),
  ...(layouts !== undefined && { layouts }),
  ...(kind !== undefined && { kind }),
});

const callOf = (kind: "query" | "action", call: Call): ManifestCall => {
  record(`${kind}:${call.name}`, placeOfCall(call));
  if (call.input.length === 0) return { name: call.name };
  return {
    name: call.name,
    input: call.input.map(({ name, type, optional = false }) => ({ name, type, optional, unique: false })),
  };
};

const policyOf = (policy: Policy, index: number): ManifestPolicy => {
  const name = policy.name ?? `${(policy.entity ?? policy.action ?? "").toLowerCase()}_p${index}`;
  record(`policy:${name}`, placeOfPolicy(policy));
  const rules = RULES.flatMap((rule) => {
    const written = policy[rule];
    // Empty strings are dropped (dsl 1.3).
    return written === undefined || written === "" ? [] : [[rule, ruleText(`policy:${name}.${rule}`, written)]];
  });
  return {
    name,
    ...Object.fromEntries(rules),
    ...(policy.entity !== undefined && { entity: policy.entity }),
    ...(policy.action !== undefined && { action: policy.action }),
  };
};
