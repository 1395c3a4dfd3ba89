/**
 * Prepared statements by text. Two generations instead of an ordered list: a hit costs one look-up, and what was not used during a
 * whole generation is dropped. Texts are constant, so in practice nothing ever is.
 */
export class StatementCache<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  readonly #generationMax: number;
  readonly #prepare: (sql: string) => T;

  constructor(statementsMax: number, prepare: (sql: string) => T) {
    this.#generationMax = Math.max(1, statementsMax >> 1);
    this.#prepare = prepare;
  }

  get(sql: string): T {
    return this.#young.get(sql) ?? this.#admit(sql);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #admit(sql: string): T {
    const statement = this.#old.get(sql) ?? this.#prepare(sql);
    this.#old.delete(sql);
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(sql, statement);
    return statement;
  }
}
