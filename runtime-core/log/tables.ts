import { type Random, toHex } from "../kernel/ids.ts";
import type { Dialect } from "../sql/dialect.ts";
import type { Database } from "../storage/ports.ts";

/** The statement with each `?` as this database writes its parameters. For constant texts without a `?` in a literal. */
export function numbered(dialect: Dialect, sql: string): string {
  let n = 0;
  return sql.replace(/\?/g, () => {
    n += 1;
    return dialect.parameter(n);
  });
}

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

/**
 * Random text that is made with the feed and kept beside it. A cursor that carries it is refused by any other database, also one
 * that has as many events.
 */
export async function readEpoch(db: Database, random: Random): Promise<string> {
  const select = "SELECT value FROM _pylon_meta WHERE key = 'feed-epoch'";
  const stored = await db.read.text(select, []);
  if (stored !== null) return stored;
  const made = toHex(random.bytes(8));
  const insert = numbered(db.dialect, "INSERT INTO _pylon_meta (key, value) VALUES ('feed-epoch', ?)");
  await db.write((unit) => unit.run(insert, [made]), { label: "name the feed" });
  return made;
}

/**
 * Number of the last event that was written under another schema; 0 when there is none. Its row may be of another shape: it may hold
 * what is no longer sent, or lack what a rule asks for now. So nobody is told of it any more: a cursor before it gets a resync.
 */
export async function readFloor(db: Database, schemaId: string, head: number): Promise<number> {
  const stored = await db.read.text("SELECT value FROM _pylon_meta WHERE key = 'feed-schema'", []);
  const [storedId, floor] = stored?.split(" ") ?? [];
  if (storedId === schemaId) return Number(floor);
  const upsert = numbered(
    db.dialect,
    "INSERT INTO _pylon_meta (key, value) VALUES ('feed-schema', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  await db.write((unit) => unit.run(upsert, [`${schemaId} ${head}`]), { label: "name the schema of the feed" });
  return head;
}
