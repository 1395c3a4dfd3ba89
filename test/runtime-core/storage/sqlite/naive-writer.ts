import type { WriteUnit } from "../../../../runtime-core/storage/ports.ts";
import type { Statements } from "../../../../runtime-core/storage/sqlite/statements.ts";
import { transaction } from "../../../../runtime-core/storage/sqlite/transaction.ts";
import { SqliteUnit } from "../../../../runtime-core/storage/sqlite/unit.ts";

/** A writer with the classic fault: it groups what comes in one turn, but lets the handlers run at the same time. */
export class NaiveWriter {
  readonly #statements: Statements;
  #group: Promise<unknown>[] = [];
  #commit: Promise<void> | null = null;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async write<T>(work: (unit: WriteUnit) => Promise<T>): Promise<T> {
    const { begin, commit } = transaction(this.#statements);
    if (this.#commit === null) {
      begin();
      this.#commit = new Promise((resolve) => setImmediate(resolve)).then(async () => {
        await Promise.all(this.#group);
        commit();
        this.#group = [];
        this.#commit = null;
      });
    }
    const done = this.#commit;
    const result = work(new SqliteUnit(this.#statements));
    this.#group.push(result);
    await done;
    return result;
  }
}
