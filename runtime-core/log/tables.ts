import type { Database } from "../storage/ports.ts";

/** `seq` is the rowid, so that SQLite gives the next dense number itself: the highest + 1 as of this savepoint (D15). */
const TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS _pylon_feed (
  seq INTEGER PRIMARY KEY,
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  data TEXT,
  prev TEXT,
  at BIGINT NOT NULL,
  schema TEXT NOT NULL
)`,
  `CREATE TABLE IF NOT EXISTS _pylon_operation_ids (
  caller TEXT NOT NULL,
  id TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  status BIGINT NOT NULL,
  body TEXT NOT NULL,
  seq BIGINT,
  at BIGINT NOT NULL,
  PRIMARY KEY (caller, id)
)`,
  "CREATE INDEX IF NOT EXISTS _pylon_operation_ids_at ON _pylon_operation_ids (at)",
  "CREATE TABLE IF NOT EXISTS _pylon_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
];

/** Makes the tables of the log where they are missing; `openChangeLog` needs them. */
export const createLogTables = (db: Database): Promise<void> =>
  db.write(
    async (unit) => {
      for (const statement of TABLES) await unit.run(statement, []);
    },
    { label: "create the tables of the log" },
  );
