/** How SQL text differs between databases; the adapters of `storage` run it. Shared with the generator. */
export type DialectName = "sqlite" | "postgres";

export interface Dialect {
  readonly name: DialectName;
  /** The n-th parameter (from 1): `?` or `$1`. */
  parameter(n: number): string;
}
