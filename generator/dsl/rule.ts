/** Access rules as the app writes them: text of the policy language, or an arrow that is read and never called (D12). */
import type { Entity, Fields, Row } from "./entity.ts";

export type Scalar = string | number | boolean | null;

/** A row of an entity that was given by name only. */
export type UnknownRow = Readonly<Record<string, Scalar>>;

export interface AuthScope {
  readonly userId: string | null;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly tenantId: string | null;
  hasRole(role: string): boolean;
  hasAnyRole(...roles: readonly [string, ...string[]]): boolean;
}

export interface RuleScope<Row> {
  readonly auth: AuthScope;
  /** The stored row; the new one in an insert. */
  readonly data: Row;
  /** The row after the write. */
  readonly next: Row;
  /** The current time, RFC 3339. */
  readonly now: string;
  ago(duration: string): string;
  exists: Exists;
}

export type Rule<Row = UnknownRow> = string | ((scope: RuleScope<Row>) => boolean);

/** A rule about whatever row. */
export type AnyRule = string | ((scope: never) => boolean);

type RowOf<E> = E extends { readonly fields: infer F extends Fields } ? Row<F> : UnknownRow;

export type Exists = <E extends string | Entity>(
  entity: E,
  where: { readonly [K in keyof RowOf<E>]?: RowOf<E>[K] | null },
) => boolean;

const readOnly = (name: string): never => {
  throw new Error(`${name} stands for the database inside a rule; rules are compiled, not called`);
};

/** `exists(Member, { teamId: data.teamId, userId: auth.userId })`: some row of the entity has these values. */
export const exists: Exists = () => readOnly("exists");

/** `ago("30d")`: the time that long before now. Units: s m h d w. */
export const ago = (_duration: string): string => readOnly("ago");

/** The current time, inside a rule. */
export const now: string = "now";
