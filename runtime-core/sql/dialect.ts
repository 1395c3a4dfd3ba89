/** How SQL text differs between databases; the adapters of `storage` run it. Shared with the generator. */
export type DialectName = "sqlite" | "postgres";

export interface Dialect {
  readonly name: DialectName;
  /** The n-th parameter (from 1): `?` or `$1`. */
  parameter(n: number): string;
}

export const sqlite: Dialect = Object.freeze({ name: "sqlite", parameter: () => "?" });

export const postgres: Dialect = Object.freeze({ name: "postgres", parameter: (n: number) => `$${n}` });

/** A name as SQL, the same on both dialects: always quoted, so no word is reserved and the case is kept. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
