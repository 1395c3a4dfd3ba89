import type { RuntimeCodeEntry } from "./entry.ts";

const e = (status: number, text: string, advice: string): RuntimeCodeEntry => ({ status, text, advice });

/** Codes that a running server answers with, in `{"error":{"code","message","hint"}}` or in a socket's error message. */
export const RUNTIME_CODES = {
  NOT_FOUND: e(
    404,
    "There is no such route or row, or the caller may not know that there is.",
    "check the path and the id; sign in if the row is yours",
  ),
  ENTITY_NOT_FOUND: e(
    404,
    "The app has no entity of this name. Names are exact, case included.",
    "use the name as it stands in app.ts",
  ),
  METHOD_NOT_ALLOWED: e(
    405,
    "The path exists, but not with this method.",
    "GET and POST work on the list; GET, PATCH and DELETE on a row",
  ),
  POLICY_DENIED: e(
    403,
    "The entity's policy does not allow this to the caller, or no policy covers it.",
    "see _generated/access.md for who may do what",
  ),
  AUTH_REQUIRED: e(
    401,
    "This needs a caller who is signed in.",
    "send a session cookie or `Authorization: Bearer pylon_…`",
  ),
  FORBIDDEN: e(403, "The caller is known but may not do this.", "use the admin token, or run in dev mode"),
  OWNER_REQUIRED: e(401, "The entity has an owner field and the caller is anonymous.", "sign in before inserting"),
  OWNER_MISMATCH: e(
    403,
    "The row names another owner than the caller.",
    "leave the owner field out: the server fills it",
  ),
  READONLY_FIELD: e(400, "A field that only the server sets was in the body.", "leave the field out"),
  TENANT_REQUIRED: e(
    403,
    "The entity belongs to tenants and the caller has none selected.",
    "select an organisation first",
  ),
  CROSS_TENANT_INSERT: e(
    403,
    "The row names another tenant than the caller's.",
    "leave the tenant field out: the server fills it",
  ),
  CROSS_TENANT_UPDATE: e(
    403,
    "The row belongs to another tenant, or would be moved to one.",
    "select the row's organisation, and leave the tenant field out",
  ),
  INVALID_JSON: e(400, "The body is not JSON, or is nested too deeply.", "send a JSON object"),
  INVALID_DATA: e(
    400,
    "The JSON has the wrong shape: a body that is no object, a socket message without a type, an operation id that is empty or too long.",
    "the message says what was expected",
  ),
  INVALID_COLUMN: e(400, "A key is no field of the entity.", "the message lists the fields there are"),
  INVALID_ID: e(
    400,
    "A client-made id is not 40 lower-case hex digits.",
    "leave `id` out, or make it with the client's newId()",
  ),
  INVALID_VALUE: e(
    400,
    "A value has the right JSON type but cannot be stored: a fraction in an int, or a datetime that is none.",
    "ints are whole within ±(2^53−1); datetimes are RFC 3339 with an offset",
  ),
  INVALID_TEXT: e(400, "A text holds U+0000 or half of a surrogate pair.", "remove the character"),
  INVALID_QUERY: e(
    400,
    "A list parameter cannot be read: a limit or offset that is no whole number from 0, or an unknown operator.",
    "see the parameters in _generated/openapi.json",
  ),
  CRDT_APPLY_FAILED: e(
    400,
    "A value has the wrong JSON type for its field.",
    "the message names the field and what was expected",
  ),
  INSERT_FAILED: e(
    400,
    "The row breaks a constraint: a required field is missing (400), or a unique value is taken (409).",
    "the message names the constraint",
  ),
  UPDATE_FAILED: e(
    400,
    "The change breaks a constraint: a required field became null (400), or a unique value is taken (409).",
    "the message names the constraint",
  ),
  OPTIMISTIC_ID_CONFLICT: e(
    400,
    "A row with this client-made id is there already.",
    "make a new id, or treat the insert as done",
  ),
  OP_ID_REUSED: e(
    409,
    "The operation id was used before with another body.",
    "make a new operation id for each change",
  ),
  PAYLOAD_TOO_LARGE: e(413, "The body is larger than PYLON_HTTP_BODY_MAX_BYTES.", "send less, or raise the limit"),
  HEADERS_TOO_LARGE: e(431, "The request's headers are larger than the server reads.", "send fewer cookies or headers"),
  RATE_LIMITED: e(429, "Too many requests from this address or account.", "wait for the seconds in Retry-After"),
  OVERLOADED: e(
    503,
    "The server is at one of its limits and would rather refuse than be slow.",
    "try again after a moment",
  ),
  SHUTTING_DOWN: e(503, "The server is stopping and takes no new work.", "try again: another process will answer"),
  MUTATION_WAITS: e(
    500,
    "A write waited for something that is not the database and was rolled back.",
    "await nothing but the database inside a write",
  ),
  CSRF_REJECTED: e(
    403,
    "A browser sent this from an origin that is not allowed.",
    "add the origin to PYLON_CSRF_ORIGINS or auth.trustedOrigins",
  ),
  MISSING_USER_ID: e(400, "The body has no user_id.", 'send {"user_id": "…"}'),
  UPGRADE_FAILED: e(400, "There is no session to move to the user.", "send the session's token"),
  SESSION_EXPIRED: e(401, "The session is over or was never made.", "sign in again"),
  EMAIL_TAKEN: e(409, "An account with this address exists.", "sign in instead"),
  MISSING_EMAIL: e(400, "The body has no email.", "send email and password"),
  INVALID_EMAIL: e(400, "The email is not an address.", "send an address with an @"),
  MISSING_PASSWORD: e(400, "The body has no password.", "send email and password"),
  WEAK_PASSWORD: e(400, "The password has fewer than 10 characters.", "choose a longer one"),
  INVALID_CREDENTIALS: e(
    401,
    "Email and password do not belong together. Which of them is wrong is not said.",
    "try again",
  ),
  RESYNC_REQUIRED: e(
    410,
    "The client's cursor is older than the feed reaches, or of another feed.",
    "drop the replica and pull from the start",
  ),
  SNAPSHOT_CURSOR_INVALID: e(400, "A snapshot cursor cannot be read.", "pull from the start"),
  NOT_SUPPORTED: e(400, "This message is known but not served.", "see docs/compatibility.md"),
  BAD_UPGRADE: e(400, "The request is no proper WebSocket handshake.", "use a WebSocket client"),
  SCHEMA_CHANGED: e(
    500,
    "The database does not fit the schema, and the difference is not one that is applied at start. The server does not start.",
    "migrate, or in dev start with --fresh",
  ),
  CROSS_TENANT_DELETE: e(
    403,
    "The row belongs to another tenant than the caller's.",
    "select the row's organisation first",
  ),
  INVALID_PATH: e(400, "The path holds an escape that cannot be decoded.", "encode the path as UTF-8"),
  BODY_INCOMPLETE: e(400, "The connection ended before the whole body had come.", "send the request again"),
  INVALID_API_KEY: e(
    401,
    "The bearer token has the form of an API key and is none that is known.",
    "make a new key, or sign in",
  ),
  MISSING_ORG_ID: e(400, "The body has no orgId.", 'send {"orgId": "…"}, or null to leave'),
  NOT_A_MEMBER: e(403, "The caller is not a member of the organisation.", "ask one of its admins for an invitation"),
  UNAUTHENTICATED: e(401, "This needs a session.", "sign in first"),
  PASSWORD_TOO_LONG: e(400, "The password is longer than the server hashes.", "choose a shorter one"),
  QUERY_TIMEOUT: e(
    503,
    "A read took longer than its deadline and was stopped.",
    "ask for less, or add an index for the filter and sort",
  ),
  MUTATION_TIMEOUT: e(503, "A write took longer than its deadline and was rolled back.", "do less in one write"),
  STORAGE_FAILED: e(
    503,
    "The database could not be used. Nothing of this change was stored.",
    "try again with the same operation id; the log has the reason",
  ),
  STORAGE_FULL: e(503, "The disk of the database is full. Nothing of this change was stored.", "free some space"),
  NODE_MISMATCH: e(
    503,
    "The server was built for other Nodes or another platform than the one that starts it: its addons do not run there. The server does not start.",
    "run `pylon codegen` with this Node, or start it with the Node that it was built for",
  ),
  DATABASE_LOCKED: e(
    503,
    "Another process uses the database file. The server does not start.",
    "stop the other server, or set PYLON_DB_PATH",
  ),
  FRESH_IN_PRODUCTION: e(
    500,
    "--fresh deletes all data, so it works in dev mode only. The server does not start.",
    "leave --fresh out, or use another file",
  ),
  ENCRYPTION_NOT_CONFIGURED: e(
    503,
    "The app has encrypted fields and the server has no key for them.",
    "set PYLON_SECRET to at least 32 characters and start the server again",
  ),
  DECRYPTION_FAILED: e(
    503,
    "A stored value was not sealed under this server's PYLON_SECRET, or was changed on the disk.",
    "start the server with the PYLON_SECRET that the value was written under",
  ),
  BAD_REQUEST: e(
    400,
    "The request is not HTTP as it should be: a broken head, or none of the headers that it must have.",
    "send the request with an HTTP client",
  ),
  REQUEST_TIMEOUT: e(
    408,
    "Head or body did not arrive in time.",
    "send the request again; a slow upload needs a higher PYLON_REQUEST_MS",
  ),
  INTERNAL: e(
    500,
    "A bug of the server or of the app's own code. The log has the details.",
    "look for the request id in the log",
  ),
} as const satisfies Record<string, RuntimeCodeEntry>;

export type RuntimeCodeName = keyof typeof RUNTIME_CODES;
