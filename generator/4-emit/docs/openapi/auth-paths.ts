import type { AppIr } from "../../../ir/app.ts";
import { userEntity, usersView } from "../../server/users-view.ts";
import { answer, body, type Json, objectOf, refusals } from "./json.ts";

const text: Json = { type: "string" };
const seconds: Json = { type: "integer", description: "Unix seconds." };
const nullable: Json = { type: ["string", "null"] };
const NAMED_USER = body(objectOf({ user_id: text }));
const ISSUED = objectOf({ token: text, user_id: text, expires_at: seconds });

const IDENTITY: Json = {
  type: "object",
  required: ["user_id", "is_admin", "roles"],
  properties: {
    user_id: nullable,
    is_admin: { type: "boolean" },
    is_guest: { type: "boolean" },
    roles: { type: "array", items: text },
    tenant_id: text,
    avatar_url: { type: "null" },
  },
};

const SESSION = objectOf({
  token_prefix: text,
  user_id: text,
  device: nullable,
  created_at: seconds,
  expires_at: seconds,
});

const operation = (operationId: string, summary: string, responses: Json, requestBody?: Json): Json => ({
  operationId,
  tags: ["auth"],
  summary,
  ...(requestBody === undefined ? {} : { requestBody }),
  responses,
});

/** H-AUTH-*: who is calling, sessions and, where the app has a user entity, passwords. */
export function authPaths(ir: AppIr): Json {
  const user = userEntity(ir);
  const hasTenants = user !== undefined && usersView(user, ir).memberSql !== "";
  return { ...IDENTITY_PATHS, ...(user === undefined ? {} : PASSWORD_PATHS), ...(hasTenants ? TENANT_PATHS : {}) };
}

const IDENTITY_PATHS: Json = {
  "/api/auth/me": {
    get: operation("authMe", "Who is calling", { 200: answer("The caller.", IDENTITY), ...refusals() }),
  },
  "/api/auth/session": {
    get: operation("authSession", "The caller and their row", {
      200: answer(
        "The session.",
        objectOf({ session: IDENTITY, user: { type: ["object", "null"] }, avatar_url: { type: "null" } }),
      ),
      ...refusals(),
    }),
    post: operation(
      "authCreateSession",
      "Make a session of anyone; for admins",
      { 201: answer("Made.", objectOf({ token: text, user_id: text })), ...refusals(400, 403) },
      NAMED_USER,
    ),
    delete: operation("authEndSession", "Sign out", {
      200: answer("Signed out.", objectOf({ revoked: { const: true } })),
      ...refusals(),
    }),
  },
  "/api/auth/sessions": {
    get: operation("authSessions", "The caller's sessions", {
      200: answer("The sessions.", { type: "array", items: SESSION }),
      ...refusals(401),
    }),
    delete: operation("authEndSessions", "End all of the caller's sessions", {
      200: answer("Ended.", objectOf({ revoked_count: { type: "integer" } })),
      ...refusals(401),
    }),
  },
  "/api/auth/refresh": {
    post: operation("authRefresh", "Trade the session's token for a new one", {
      200: answer("The new token; the old one is dead.", ISSUED),
      ...refusals(401),
    }),
  },
  "/api/auth/guest": {
    post: operation("authGuest", "Become a new guest", {
      201: answer("The guest.", objectOf({ token: text, user_id: text, guest: { const: true } })),
      ...refusals(),
    }),
  },
  "/api/auth/anonymous": {
    post: operation("authAnonymous", "Become a new guest, with the end of the session", {
      200: answer("The guest.", {
        ...objectOf({ token: text, user_id: text, expires_at: seconds, is_guest: { const: true } }),
      }),
      ...refusals(),
    }),
  },
  "/api/auth/upgrade": {
    post: operation(
      "authUpgrade",
      "Give the caller's session to a user; for admins",
      { 200: answer("Done.", objectOf({ upgraded: { const: true }, user_id: text })), ...refusals(400, 403) },
      NAMED_USER,
    ),
  },
};

const CREDENTIALS = objectOf({ email: { type: "string", format: "email" }, password: text });

const PASSWORD_PATHS: Json = {
  "/api/auth/password/register": {
    post: operation(
      "authRegister",
      "Make an account and sign in",
      { 200: answer("Signed in.", ISSUED), ...refusals(400, 409) },
      body({ ...CREDENTIALS, properties: { ...(CREDENTIALS.properties as Json), displayName: text } }),
    ),
  },
  "/api/auth/password/login": {
    post: operation(
      "authLogin",
      "Sign in",
      { 200: answer("Signed in.", ISSUED), ...refusals(400, 401) },
      body(CREDENTIALS),
    ),
  },
};

const TENANT_PATHS: Json = {
  "/api/auth/select-org": {
    post: operation(
      "authSelectOrg",
      "Select the session's tenant; null leaves it",
      { 200: answer("Selected.", objectOf({ tenantId: nullable })), ...refusals(400, 401, 403) },
      body(objectOf({ orgId: nullable })),
    ),
  },
};
