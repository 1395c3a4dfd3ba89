import type { Dialect } from "../../sql/dialect.ts";

export interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly tenant_id: string | null;
  /** JSON array of strings. */
  readonly roles: string;
  readonly is_guest: number;
  readonly token_prefix: string;
  readonly device: string | null;
  readonly created_at: number;
  readonly expires_at: number;
}

const COLUMNS = "id, user_id, tenant_id, roles, is_guest, token_prefix, device, created_at, expires_at";

/** Every statement of sessions, its text made once. "Live" ones take the present time as last argument. */
export function sessionSql({ parameter: p }: Dialect) {
  return {
    insert: `INSERT INTO _pylon_sessions (${COLUMNS}) VALUES (${[1, 2, 3, 4, 5, 6, 7, 8, 9].map(p).join(", ")})`,
    liveById: `SELECT ${COLUMNS} FROM _pylon_sessions WHERE id = ${p(1)} AND expires_at > ${p(2)}`,
    liveOfUser: `SELECT ${COLUMNS} FROM _pylon_sessions WHERE user_id = ${p(1)} AND expires_at > ${p(2)} ORDER BY created_at, id LIMIT 1000`,
    idsOfUser: `SELECT id FROM _pylon_sessions WHERE user_id = ${p(1)}`,
    expired: `SELECT id FROM _pylon_sessions WHERE expires_at <= ${p(1)} LIMIT ${p(2)}`,
    setOwner: `UPDATE _pylon_sessions SET user_id = ${p(1)}, is_guest = 0, tenant_id = NULL, roles = '[]' WHERE id = ${p(2)} AND expires_at > ${p(3)}`,
    setTenant: `UPDATE _pylon_sessions SET tenant_id = ${p(1)}, roles = ${p(2)} WHERE id = ${p(3)} AND expires_at > ${p(4)}`,
    delete: `DELETE FROM _pylon_sessions WHERE id = ${p(1)}`,
  };
}
