import type { Database, SqlConnection } from "../ports.ts";
import type { Statements } from "./statements.ts";
import type { WriterQueue } from "./writer-queue.ts";

/** Reads on the event loop, on the connection that `open` gives or refuses. Without a transaction each statement is its own. */
export function inlineReader(open: () => Statements): SqlConnection {
  return {
    all: async (sql, args) => open().all(sql, args),
    get: async (sql, args) => open().get(sql, args),
    run: async (sql, args) => open().run(sql, args),
    text: async (sql, args) => open().text(sql, args),
  };
}

/**
 * Reads of a database in memory, which has one connection only: they wait until no transaction is open on it, because they
 * would see what is not committed.
 */
export function sharedReader(statements: Statements, committed: () => Promise<void> | null): SqlConnection {
  const reader = inlineReader(() => statements);
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

/** A snapshot of a database in memory: a unit of its own that may wait, on a connection that refuses to write until it is over. */
export function sharedSnapshot({ connection }: Statements, writer: WriterQueue, ms: number): Database["snapshot"] {
  const options = { label: "A snapshot", mayWait: true, deadlineMs: ms };
  return (work) =>
    writer.write(
      (unit) => {
        const writes = (): void => void connection.pragma("query_only = OFF");
        unit.afterCommit(writes);
        unit.afterRollback(writes);
        connection.pragma("query_only = ON");
        return work(unit);
      },
      options,
      true,
    );
}
