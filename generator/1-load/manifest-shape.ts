/**
 * JSON in, `RawManifest` out, or what is wrong with it. Written by hand because loading zod costs 65 ms, a fifth of the time that a
 * whole codegen may take. Missing keys are filled where dsl 1.3 gives a default; unknown ones are named beside the manifest.
 */
import * as keys from "./manifest-keys.ts";
import {
  POLICY_OPERATIONS,
  type RawAuth,
  type RawCall,
  type RawEntity,
  type RawField,
  type RawIndex,
  type RawManifest,
  type RawPolicy,
  type RawRelation,
  type RawRoute,
} from "./raw-manifest.ts";

export type ShapeOutcome =
  | { readonly kind: "read"; readonly manifest: RawManifest; readonly unknown: readonly UnknownKey[] }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

export interface UnknownKey {
  readonly key: string;
  /** `entities[0].fields[1]`, or `the manifest`. */
  readonly at: string;
  /** Origin of what has it; null: of nothing that has a name. */
  readonly owner: string | null;
  readonly known: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** `arrows`: keys of rules whose empty text is an arrow's; any other empty rule is dropped, as if it were not there. */
export const readManifest = (value: unknown, arrows: ReadonlySet<string>): ShapeOutcome => {
  const shape = new Shape();
  const manifest = shape.manifest(value, arrows);
  return shape.problems.length === 0
    ? { kind: "read", manifest, unknown: shape.unknown }
    : { kind: "refused", problems: shape.problems };
};

const CRDTS = ["lww", "text", "counter", "list", "movable-list", "tree"] as const;
const COMPATS = ["off", "0.3", "0.11"] as const;

/** Each reader gives a value of its type whatever it was given, and notes what was wrong. */
class Shape {
  readonly problems: string[] = [];
  readonly unknown: UnknownKey[] = [];

  manifest(value: unknown, arrows: ReadonlySet<string>): RawManifest {
    const of = this.object(value, "the manifest", keys.ROOT);
    return {
      ...of,
      manifest_version: this.number(of.manifest_version, "manifest_version"),
      name: this.text(of.name, "name"),
      version: this.text(of.version, "version"),
      entities: this.list(of.entities, "entities", (item, at) => this.entity(item, at, arrows)),
      routes: this.list(of.routes, "routes", (item, at) => this.route(item, at)),
      queries: this.list(of.queries ?? [], "queries", (item, at) => this.call(item, at, "query")),
      actions: this.list(of.actions ?? [], "actions", (item, at) => this.call(item, at, "action")),
      policies: this.list(of.policies ?? [], "policies", (item, at) => this.policy(item, at, arrows)),
      auth: this.auth(of.auth ?? {}, "auth"),
      ...this.optional(of, "compat", (compat, at) => this.oneOf(compat, COMPATS, at)),
      ...this.optional(of, "plugins", (plugins, at) => this.texts(plugins, at)),
    };
  }

  private entity(value: unknown, at: string, arrows: ReadonlySet<string>): RawEntity {
    const { sync_scope, ...of } = this.object(value, at, keys.ENTITY, ({ name }) => `entity:${name}`);
    const name = this.text(of.name, `${at}.name`);
    const scope = sync_scope === undefined ? "" : this.text(sync_scope, `${at}.sync_scope`);
    return {
      ...of,
      name,
      fields: this.list(of.fields, `${at}.fields`, (item, path) => this.field(item, path, name)),
      indexes: this.list(of.indexes, `${at}.indexes`, (item, path) => this.index(item, path, name)),
      relations: this.list(of.relations ?? [], `${at}.relations`, (item, path) => this.relation(item, path, name)),
      ...this.optional(of, "search", (search, path) => this.search(search, `${at}.${path}`, name)),
      ...this.optional(of, "sync", (sync, path) => this.bool(sync, `${at}.${path}`)),
      ...(scope !== "" || arrows.has(`sync:${name}`) ? { sync_scope: scope } : {}),
      ...this.optional(of, "sync_limit", (limit, path) => this.number(limit, `${at}.${path}`)),
      ...this.optional(of, "crdt", (crdt, path) => this.bool(crdt, `${at}.${path}`)),
      ...this.optional(of, "renamedFrom", (from, path) => this.text(from, `${at}.${path}`)),
    };
  }

  private field(value: unknown, at: string, entity: string): RawField {
    const of = this.object(value, at, keys.FIELD, ({ name }) => `field:${entity}.${name}`);
    const flag = (key: string) => this.optional(of, key, (given, path) => this.bool(given, `${at}.${path}`));
    const text = (key: string) => this.optional(of, key, (given, path) => this.text(given, `${at}.${path}`));
    return {
      ...of,
      name: this.text(of.name, `${at}.name`),
      type: this.text(of.type, `${at}.type`),
      optional: this.bool(of.optional, `${at}.optional`),
      unique: this.bool(of.unique, `${at}.unique`),
      ...this.optional(of, "crdt", (crdt, path) => this.oneOf(crdt, CRDTS, `${at}.${path}`)),
      ...flag("serverOnly"),
      ...flag("syncOmit"),
      ...flag("readonly"),
      ...flag("encrypted"),
      ...this.optional(of, "default", (given, path) => this.default(given, `${at}.${path}`)),
      ...this.optional(of, "enumValues", (values, path) => this.texts(values, `${at}.${path}`)),
      ...text("readable"),
      ...text("renamedFrom"),
    };
  }

  private index(value: unknown, at: string, entity: string): RawIndex {
    const of = this.object(value, at, keys.INDEX, ({ name }) => `index:${entity}.${name}`);
    return {
      ...of,
      name: this.text(of.name, `${at}.name`),
      fields: this.texts(of.fields, `${at}.fields`),
      unique: this.bool(of.unique, `${at}.unique`),
      ...this.optional(of, "where", (where, path) => this.text(where, `${at}.${path}`)),
    };
  }

  private relation(value: unknown, at: string, entity: string): RawRelation {
    const of = this.object(value, at, keys.RELATION, ({ name }) => `relation:${entity}.${name}`);
    return {
      ...of,
      name: this.text(of.name, `${at}.name`),
      target: this.text(of.target, `${at}.target`),
      field: this.text(of.field, `${at}.field`),
      many: of.many === undefined || of.many === null ? false : this.bool(of.many, `${at}.many`),
    };
  }

  private search(value: unknown, at: string, entity: string) {
    const of = this.object(value, at, keys.SEARCH, () => `search:${entity}`);
    return {
      text: this.texts(of.text ?? [], `${at}.text`),
      facets: this.texts(of.facets ?? [], `${at}.facets`),
      sortable: this.texts(of.sortable ?? [], `${at}.sortable`),
      ...this.optional(of, "language", (language, path) => this.text(language, `${at}.${path}`)),
    };
  }

  private route(value: unknown, at: string): RawRoute {
    const of = this.object(value, at, keys.ROUTE, ({ path }) => `route:${path}`);
    return {
      ...of,
      path: this.text(of.path, `${at}.path`),
      mode: this.text(of.mode, `${at}.mode`),
      ...this.optional(of, "query", (query, path) => this.text(query, `${at}.${path}`)),
      ...this.optional(of, "auth", (auth, path) => this.text(auth, `${at}.${path}`)),
    };
  }

  private call(value: unknown, at: string, kind: "query" | "action"): RawCall {
    const of = this.object(value, at, keys.CALL, ({ name }) => `${kind}:${name}`);
    const input = this.list(of.input ?? [], `${at}.input`, (item, path) => {
      const given = this.object(item, path, keys.INPUT, () => `${kind}:${of.name}`);
      return {
        name: this.text(given.name, `${path}.name`),
        type: this.text(given.type, `${path}.type`),
        optional: this.bool(given.optional ?? false, `${path}.optional`),
      };
    });
    return { ...of, name: this.text(of.name, `${at}.name`), input };
  }

  private policy(value: unknown, at: string, arrows: ReadonlySet<string>): RawPolicy {
    const of = this.object(value, at, keys.POLICY, ({ name }) => `policy:${name}`);
    const name = this.text(of.name, `${at}.name`);
    const rules = POLICY_OPERATIONS.flatMap((operation) => {
      if (of[operation] === undefined || of[operation] === null) return [];
      const rule = this.text(of[operation], `${at}.${operation}`);
      return rule === "" && !arrows.has(`policy:${name}.${operation}`) ? [] : [[operation, rule]];
    });
    return {
      name,
      ...Object.fromEntries(rules),
      ...this.optional(of, "entity", (entity, path) => this.text(entity, `${at}.${path}`)),
      ...this.optional(of, "action", (action, path) => this.text(action, `${at}.${path}`)),
    };
  }

  private auth(value: unknown, at: string): RawAuth {
    const of = this.object(value, at, keys.AUTH);
    const user = this.object(of.user ?? {}, `${at}.user`, keys.USER);
    const session = this.object(of.session ?? {}, `${at}.session`, keys.SESSION);
    const cache = this.object(session.cookie_cache ?? {}, `${at}.session.cookie_cache`, keys.COOKIE_CACHE);
    return {
      user: {
        entity: this.text(user.entity ?? "User", `${at}.user.entity`),
        expose: this.texts(user.expose ?? [], `${at}.user.expose`),
        hide: this.texts(user.hide ?? [], `${at}.user.hide`),
      },
      session: {
        expires_in: this.number(session.expires_in ?? 2_592_000, `${at}.session.expires_in`),
        cookie_cache: {
          enabled: this.bool(cache.enabled ?? false, `${at}.session.cookie_cache.enabled`),
          max_age: this.number(cache.max_age ?? 300, `${at}.session.cookie_cache.max_age`),
          claims: this.texts(cache.claims ?? ["is_admin", "tenant_id"], `${at}.session.cookie_cache.claims`),
        },
      },
      trusted_origins: this.texts(of.trusted_origins ?? [], `${at}.trusted_origins`),
    };
  }

  private default(value: unknown, at: string): string | number | boolean | { readonly $auth: string } {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
    return { $auth: this.text(this.object(value, at, { $auth: true }).$auth, `${at}.$auth`) };
  }

  /** The key when it is there; null counts as not there. */
  private optional<K extends string, T>(
    of: Json,
    key: K,
    read: (value: unknown, at: K) => T,
  ): { readonly [P in K]?: T } {
    const value = of[key];
    if (value === undefined) return {};
    return { [key]: value === null ? undefined : read(value, key) } as { readonly [P in K]?: T };
  }

  /** `owner`: the origin of what it describes, where that has a name. */
  private object(
    value: unknown,
    at: string,
    known: Readonly<Record<string, true>>,
    owner: (of: Json) => string | null = () => null,
  ): Json {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.wrong(value, at, "an object");
      return {};
    }
    const of = value as Json;
    for (const key of Object.keys(of))
      if (!Object.hasOwn(known, key)) this.unknown.push({ key, at, owner: owner(of), known: Object.keys(known) });
    return of;
  }

  private list<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): readonly T[] {
    if (Array.isArray(value)) return value.map((item, index) => read(item, `${at}[${index}]`));
    this.wrong(value, at, "a list");
    return [];
  }

  private texts(value: unknown, at: string): readonly string[] {
    return this.list(value, at, (item, path) => this.text(item, path));
  }

  private text(value: unknown, at: string): string {
    if (typeof value === "string") return value;
    this.wrong(value, at, "a string");
    return "";
  }

  private number(value: unknown, at: string): number {
    if (typeof value === "number") return value;
    this.wrong(value, at, "a number");
    return 0;
  }

  private bool(value: unknown, at: string): boolean {
    if (typeof value === "boolean") return value;
    this.wrong(value, at, "true or false");
    return false;
  }

  private oneOf<const T extends string>(value: unknown, values: readonly [T, ...T[]], at: string): T {
    const found = values.find((one) => one === value);
    if (found === undefined) this.wrong(value, at, `one of ${values.join(", ")}`);
    return found ?? values[0];
  }

  private wrong(value: unknown, at: string, wanted: string): void {
    const given = value === undefined ? "missing" : (JSON.stringify(value) ?? typeof value).slice(0, 60);
    // One problem with the whole says more than one for each key that it then lacks.
    if (this.problems[0]?.startsWith("the manifest") !== true) this.problems.push(`${at} is ${given}, not ${wanted}`);
  }
}
