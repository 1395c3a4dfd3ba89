import { newCanary } from "./canaries.ts";
import type { People, Shape, Values } from "./shapes.ts";
import { must, type Viewer } from "./viewers.ts";

/** What a row held from one write to the next. Every canary stands in one version of one row only. */
export interface Version {
  readonly shape: Shape;
  readonly id: string;
  readonly values: Values;
  readonly canary: string;
  /** Canaries of the columns with a rule of their own. */
  readonly secrets: Readonly<Record<string, string>>;
}

const EVERYTHING = (): boolean => true;

/** Whether a caller may see the version: by a route, or (`synced`) by pull, socket and stream. */
export function isSeen({ shape, values }: Version, viewer: Viewer, synced: boolean): boolean {
  const sees = synced ? (shape.syncs ?? shape.sees) : shape.sees;
  // An administrator passes every rule (dsl 2.5), though what is not replicated goes to nobody.
  return viewer.isAdmin ? !(synced && shape.options === "{ sync: false }") : sees(viewer, values);
}

const HIDDEN_FROM_ALL = ["internal"];

/** The canaries of a version that the caller may have. */
export function canariesFor(version: Version, viewer: Viewer, synced: boolean): readonly string[] {
  if (!isSeen(version, viewer, synced)) return [];
  const { shape, values, canary, secrets } = version;
  const shown = Object.entries(secrets).filter(([field]) => {
    const rule = viewer.isAdmin ? EVERYTHING : (shape.secrets?.[field] ?? EVERYTHING);
    return !HIDDEN_FROM_ALL.includes(field) && rule(viewer, values);
  });
  return [canary, ...shown.map(([, secret]) => secret)];
}

const body = (values: Values, canary: string, secrets: Readonly<Record<string, string>>) => ({
  ...values,
  canary,
  ...secrets,
});

const secretsOf = (shape: Shape): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(shape.secrets ?? {}).map((field) => [field, newCanary()]));

/** The rows of the matrix, as the admin wrote them. */
export class Rows {
  readonly #admin: Viewer;
  readonly #shapes: readonly Shape[];
  readonly #people: People;
  /** Everything that was ever there, in the order of the writes. */
  readonly history: Version[] = [];
  /** By id. */
  readonly current = new Map<string, Version>();
  readonly removed: Version[] = [];

  constructor(admin: Viewer, shapes: readonly Shape[], people: People) {
    this.#admin = admin;
    this.#shapes = shapes;
    this.#people = people;
  }

  of(shape: Shape): readonly Version[] {
    return [...this.current.values()].filter((version) => version.shape === shape);
  }

  async insertAll(): Promise<void> {
    for (const shape of this.#shapes)
      for (const values of shape.rows(this.#people)) {
        const canary = newCanary();
        const secrets = secretsOf(shape);
        const path = `/api/entities/${shape.name}`;
        const { json } = await must(this.#admin.api.post<{ id: string }>(path, body(values, canary, secrets)), 201);
        this.#remember({ shape, id: json.id, values, canary, secrets });
      }
  }

  /** Each row takes the place of the next one of its shape: some come into sight of a caller, others leave it. */
  async moveAll(): Promise<void> {
    for (const shape of this.#shapes) {
      const versions = this.of(shape);
      for (const [at, { id }] of versions.entries()) {
        const values = versions[(at + 1) % versions.length]?.values ?? {};
        const canary = newCanary();
        const secrets = secretsOf(shape);
        await must(this.#admin.api.patch(`/api/entities/${shape.name}/${id}`, body(values, canary, secrets)), 200);
        this.#remember({ shape, id, values, canary, secrets });
      }
    }
  }

  /** Removes the first row of each shape. */
  async removeSome(): Promise<void> {
    for (const shape of this.#shapes) {
      const [first] = this.of(shape);
      if (first === undefined) continue;
      await must(this.#admin.api.delete(`/api/entities/${shape.name}/${first.id}`), 200);
      this.current.delete(first.id);
      this.removed.push(first);
    }
  }

  #remember(version: Version): void {
    this.history.push(version);
    this.current.set(version.id, version);
  }
}
