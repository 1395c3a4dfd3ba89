import { ID } from "./field-schema.ts";
import { type Json, ref } from "./json.ts";

const count = { type: "integer", minimum: 0 } as const;

const query = (name: string, description: string, schema: Json): Json => ({ name, in: "query", description, schema });

export const PARAMETERS: Json = {
  limit: query(
    "limit",
    "Rows at most. Absent, or above the server's own limit: that limit (10,000 unless set).",
    count,
  ),
  offset: query("offset", "Rows to skip.", { ...count, default: 0 }),
  order: query("order", "Direction of `sort`.", { enum: ["asc", "desc"], default: "asc" }),
  q: query("q", "Words, all of which some text column of the row has.", { type: "string" }),
  after: query("after", "Id of the row before the page; it is not part of it.", { type: "string" }),
  pageLimit: query("limit", "Rows in the page.", { ...count, maximum: 100, default: 20 }),
  id: { name: "id", in: "path", required: true, schema: ID },
  idempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "Same key and request of the same caller: the stored answer, and nothing is done twice. Same key and another request: 409 `OP_ID_REUSED`.",
    schema: { type: "string" },
  },
};

export const HEADERS: Json = {
  ChangeSeq: {
    description: "Number of the write's event in the feed; absent when nothing had to be written.",
    schema: { type: "integer", minimum: 1 },
  },
  Truncated: { description: "`1` when the server's limit cut the list off.", schema: { const: "1" } },
};

/** The one error envelope (H-ERR). */
export const errorSchema: Json = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: {
        code: { type: "string", pattern: "^[A-Z][A-Z0-9_]*$", description: "Stable; for programs." },
        message: { type: "string", description: "For people." },
        hint: { type: "string", description: "What to do about it." },
      },
    },
  },
};

export function responses(errorName: string): Json {
  const refusal = (description: string): Json => ({
    description,
    content: { "application/json": { schema: ref("schemas", errorName) } },
  });
  return {
    BadRequest: refusal(
      "The request cannot be understood or its values do not fit: `INVALID_JSON`, `INVALID_COLUMN`, …",
    ),
    Unauthorized: refusal("Nobody is signed in, or the credentials are wrong."),
    Forbidden: refusal("No rule lets this caller do it: `POLICY_DENIED`, `CSRF_REJECTED`, …"),
    NotFound: refusal("There is no such row, or the caller may not read it."),
    Conflict: refusal("A unique value is taken, or an operation id was used for another request (`OP_ID_REUSED`)."),
    ResyncRequired: refusal("The cursor is older than the feed or ahead of it: start again from 0."),
    Error: refusal("Any other failure, such as 413, 429 and 503."),
  };
}

/** A browser's cookie, or a bearer token: a session's or the admin token. */
export const securitySchemes = (cookieName: string): Json => ({
  bearer: { type: "http", scheme: "bearer", description: "Token of a session, or the admin token." },
  cookie: { type: "apiKey", in: "cookie", name: cookieName, description: "Set for browsers by the sign-in routes." },
});
