import type { FieldType } from "../ir/app.ts";

/** What the language needs of a field; `FieldIr` has it. */
export interface PolicyField {
  readonly name: string;
  readonly type: FieldType;
  readonly optional: boolean;
}

/** What the language needs of an entity; `EntityIr` has it. `id` is implicit. */
export interface PolicyEntity {
  readonly name: string;
  readonly fields: readonly PolicyField[];
}

export type PolicySchema = ReadonlyMap<string, PolicyEntity>;

/** What the names of a rule stand for. An action has `inputs` and no entity. */
export interface PolicyScope {
  readonly schema: PolicySchema;
  readonly entity: PolicyEntity | null;
  readonly inputs?: readonly PolicyField[];
}

export const ID_FIELD: PolicyField = { name: "id", type: { kind: "string", values: null }, optional: false };

export const findField = (fields: readonly PolicyField[], name: string): PolicyField | undefined =>
  fields.find((field) => field.name === name);

/** A field of an entity, `id` included. */
export const entityField = (entity: PolicyEntity | null | undefined, name: string): PolicyField | undefined =>
  entity === null || entity === undefined
    ? undefined
    : (findField(entity.fields, name) ?? (name === "id" ? ID_FIELD : undefined));

/** Whose field a path names. `record` and `existing` are other names of `data` (D12). */
export type Root = "row" | "next" | "input";

const ROOTS: ReadonlyMap<string, Root> = new Map([
  ["data", "row"],
  ["existing", "row"],
  ["record", "row"],
  ["next", "next"],
  ["input", "input"],
]);

export const rootOf = (name: string): Root | undefined => ROOTS.get(name);

export const fieldOf = (scope: PolicyScope, root: Root, name: string): PolicyField | undefined =>
  root === "input" ? findField(scope.inputs ?? [], name) : entityField(scope.entity, name);
