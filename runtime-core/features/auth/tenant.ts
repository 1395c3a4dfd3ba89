import { PylonError } from "../../kernel/errors.ts";
import type { Call, Reply } from "../../net/ports.ts";
import type { Database } from "../../storage/ports.ts";
import { members, textMember } from "./body.ts";
import type { UserStore } from "./ports.ts";
import type { Sessions } from "./sessions.ts";

const ROLES: readonly (string | null)[] = ["owner", "admin", "member"];

/** `orgId` of the body; null to leave. */
function namedTenant(body: Readonly<Record<string, unknown>>): string | null {
  if (body.orgId === null) return null;
  const orgId = textMember(body, "orgId");
  if (orgId === null) throw new PylonError("MISSING_ORG_ID", "orgId is required (or null)", 400);
  return orgId === "" ? null : orgId;
}

/** POST `/api/auth/select-org` (H-AUTH-SELECT-ORG): the tenant and the role in it belong to the session. */
export async function selectTenant(
  db: Database,
  sessions: Sessions,
  isMember: NonNullable<UserStore["isMember"]>,
  { auth, body }: Call,
): Promise<Reply> {
  const { userId, sessionId } = auth;
  const unauthenticated = () => new PylonError("UNAUTHENTICATED", "a session is needed to select an organization", 401);
  if (userId === null || sessionId === null) throw unauthenticated();
  const tenantId = namedTenant(members(body));
  await db.write(
    async (unit) => {
      // In the unit that relies on it, so that a membership that is ending cannot slip through.
      const role = tenantId === null ? null : await isMember(userId, tenantId, unit);
      if (tenantId !== null && !ROLES.includes(role))
        throw new PylonError("NOT_A_MEMBER", "you are not a member of the target organization", 403);
      if (!(await sessions.setTenant(unit, sessionId, tenantId, role === null ? [] : [role]))) throw unauthenticated();
    },
    { label: "select an organization" },
  );
  return { status: 200, body: JSON.stringify({ tenantId }) };
}
