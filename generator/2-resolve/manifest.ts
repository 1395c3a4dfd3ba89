import {
  POLICY_OPERATIONS,
  type RawCall,
  type RawEntity,
  type RawField,
  type RawManifest,
  type RawPolicy,
} from "../1-load/raw-manifest.ts";
import type { WrittenRules } from "./written-rules.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The canonical manifest: dsl 1.3 in its key order, then our own keys; defaults filled, what is unset left out, rules as strings
 * of the policy language whichever way they were written.
 */
export function canonicalManifest(m: RawManifest, rules: WrittenRules): Json {
  return compact({
    manifest_version: m.manifest_version,
    name: m.name,
    version: m.version,
    entities: m.entities.map((entity) => entityJson(entity, rules)),
    routes: m.routes.map(({ path, mode, query, auth, component, layouts, kind }) =>
      compact({ path, mode, query, auth, component, layouts, kind }),
    ),
    queries: m.queries.map(callJson),
    actions: m.actions.map(callJson),
    policies: m.policies.map((policy) => policyJson(policy, rules)),
    auth: m.auth,
    llm: m.llm,
    connections: filled(m.connections),
    crons: filled(m.crons),
    fonts: filled(m.fonts),
    requiredEnv: filled(m.requiredEnv),
    plugins: filled(m.plugins),
    compat: m.compat,
  });
}

function entityJson(entity: RawEntity, rules: WrittenRules): Json {
  const { search } = entity;
  const searches = search !== undefined && search.text.length + search.facets.length + search.sortable.length > 0;
  const scope = entity.sync_scope;
  return compact({
    name: entity.name,
    fields: entity.fields.map((field) => fieldJson(entity, field, rules)),
    indexes: entity.indexes.map(({ name, fields, unique, where }) => compact({ name, fields, unique, where })),
    relations: filled(
      entity.relations.map(({ name, target, field, many }) => compact({ name, target, field, many: flag(many) })),
    ),
    search: searches
      ? compact({ text: search.text, facets: search.facets, sortable: search.sortable, language: search.language })
      : undefined,
    sync: entity.sync === false ? false : undefined,
    sync_scope: scope === undefined ? undefined : rules.read(`sync:${entity.name}`, scope).source,
    sync_limit: entity.sync_limit,
    crdt: entity.crdt === false ? false : undefined,
    renamedFrom: entity.renamedFrom,
  });
}

function fieldJson(entity: RawEntity, field: RawField, rules: WrittenRules): Json {
  const { readable } = field;
  return compact({
    name: field.name,
    type: field.type,
    optional: field.optional,
    unique: field.unique,
    crdt: field.crdt,
    serverOnly: flag(field.serverOnly),
    syncOmit: flag(field.syncOmit),
    readonly: flag(field.readonly),
    encrypted: flag(field.encrypted),
    default: field.default,
    enumValues: field.enumValues,
    readable: readable === undefined ? undefined : rules.read(`readable:${entity.name}.${field.name}`, readable).source,
    renamedFrom: field.renamedFrom,
  });
}

function callJson({ name, input }: RawCall): Json {
  const inputs = input.map(({ name, type, optional }) => ({ name, type, optional, unique: false }));
  return compact({ name, input: filled(inputs) });
}

function policyJson(policy: RawPolicy, rules: WrittenRules): Json {
  const written = POLICY_OPERATIONS.filter((operation) => rules.has(policy, operation));
  const texts = written.map((operation) => [operation, rules.of(policy, operation).source]);
  return compact({
    name: policy.name,
    ...Object.fromEntries(texts),
    entity: policy.entity,
    action: policy.action,
  });
}

const flag = (value: boolean | undefined): true | undefined => (value === true ? true : undefined);
const filled = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;
const compact = (value: Json): Json => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
