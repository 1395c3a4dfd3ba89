import type { Args } from "../ports.ts";
import type { Statements } from "./statements.ts";

const NONE: Args = [];

/** The one transaction of the writer connection. IMMEDIATE: the lock is taken at the start, so no statement meets SQLITE_BUSY. */
export function transaction(statements: Statements) {
  /** SQLite may have rolled back by itself; then there is nothing left to undo. */
  const rollback = (): void => {
    if (statements.connection.inTransaction) statements.run("ROLLBACK", NONE);
  };
  return {
    begin: (): void => {
      // Still inside only after a ROLLBACK that failed (a broken disk): tried again before anybody writes.
      rollback();
      statements.run("BEGIN IMMEDIATE", NONE);
    },
    commit: (): void => void statements.run("COMMIT", NONE),
    rollback,
    ...savepoint(statements, "unit"),
  };
}

export type Transaction = ReturnType<typeof transaction>;

/** A savepoint hides another one of the same name until it is released, so they nest without further names. */
export const savepoint = (statements: Statements, name: "unit" | "nested") => ({
  save: (): void => void statements.run(`SAVEPOINT ${name}`, NONE),
  release: (): void => void statements.run(`RELEASE ${name}`, NONE),
  undo: (): void => {
    statements.run(`ROLLBACK TO ${name}`, NONE);
    statements.run(`RELEASE ${name}`, NONE);
  },
});
