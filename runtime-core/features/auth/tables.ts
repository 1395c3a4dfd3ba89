import type { Database } from "../../storage/ports.ts";

/**
 * BIGINT, since 32 bits of seconds end in 2038; times are Unix seconds. A session's `id` is the SHA-256 of its token, which is stored
 * nowhere. `_pylon_passwords` is for apps whose user entity declares no `passwordHash`.
 */
const TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS _pylon_sessions (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  tenant_id TEXT,
  roles TEXT NOT NULL,
  is_guest BIGINT NOT NULL,
  token_prefix TEXT NOT NULL,
  device TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
)`,
  "CREATE INDEX IF NOT EXISTS _pylon_sessions_user ON _pylon_sessions (user_id)",
  "CREATE INDEX IF NOT EXISTS _pylon_sessions_expires ON _pylon_sessions (expires_at)",
  "CREATE TABLE IF NOT EXISTS _pylon_passwords (user_id TEXT PRIMARY KEY NOT NULL, hash TEXT NOT NULL)",
];

/** Makes the tables of this feature where they are missing; run before anything else here. */
export const createAuthTables = (db: Database): Promise<void> =>
  db.write(
    async (unit) => {
      for (const statement of TABLES) await unit.run(statement, []);
    },
    { label: "create the tables of auth" },
  );
