import type { SqlConnection } from "../ports.ts";
import type { Statements } from "./statements.ts";

/**
 * Reads on a connection of their own, on the event loop. Every statement is its own read transaction and is over when the call
 * returns, so none is held across an await and the WAL can always be reset.
 */
export function inlineReader(statements: Statements): SqlConnection {
  return {
    all: async (sql, args) => statements.all(sql, args),
    get: async (sql, args) => statements.get(sql, args),
    run: async (sql, args) => statements.run(sql, args),
    text: async (sql, args) => statements.text(sql, args),
  };
}

/**
 * Reads of a database in memory, which has one connection only: they wait until no transaction is open on it, because they
 * would see what is not committed.
 */
export function sharedReader(statements: Statements, committed: () => Promise<void> | null): SqlConnection {
  const reader = inlineReader(statements);
  const settled = async (): Promise<SqlConnection> => {
    for (let open = committed(); open !== null; open = committed()) await open;
    return reader;
  };
  return {
    all: async (sql, args) => (await settled()).all(sql, args),
    get: async (sql, args) => (await settled()).get(sql, args),
    run: async (sql, args) => (await settled()).run(sql, args),
    text: async (sql, args) => (await settled()).text(sql, args),
  };
}
