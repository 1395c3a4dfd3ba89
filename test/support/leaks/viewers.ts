import { ADMIN_TOKEN, type Api, api, newUser } from "../client.ts";
import { newCanary } from "./canaries.ts";
import { OTHER_TEAM, OTHER_TENANT, TEAM, TENANT } from "./shapes.ts";

/** A caller, with all that a rule can look at. */
export interface Viewer {
  readonly role: string;
  readonly api: Api;
  /** Undefined for who sends none. */
  readonly token: string | undefined;
  readonly userId: string | null;
  readonly isGuest: boolean;
  readonly isAdmin: boolean;
  readonly tenantId: string | null;
  readonly roles: readonly string[];
  readonly teams: Set<string>;
}

export interface Viewers {
  readonly admin: Viewer;
  readonly anonymous: Viewer;
  readonly guest: Viewer;
  readonly stranger: Viewer;
  readonly owner: Viewer;
  /** Of TENANT and TEAM, with the role `member`. */
  readonly member: Viewer;
  /** Of TENANT, with the role `admin` in it. */
  readonly roleHolder: Viewer;
  /** Of the other tenant and team. */
  readonly neighbour: Viewer;
}

const NOBODY = { userId: null, isGuest: false, isAdmin: false, tenantId: null, roles: [] } as const;

export async function openViewers(url: string): Promise<Viewers> {
  const admin = api(url, ADMIN_TOKEN);

  async function user(role: string, tenantId: string | null = null, orgRole: string | null = null): Promise<Viewer> {
    const { token, userId, ...rest } = await newUser(url, `${role}@leaks.example`);
    // For the eyes of an admin alone, also where a caller is shown his own row.
    await must(admin.patch(`/api/entities/User/${userId}`, { score: newCanary(), phone: newCanary() }), 200);
    if (tenantId !== null) {
      await must(admin.post("/api/entities/OrgMember", { userId, orgId: tenantId, role: orgRole }), 201);
      await must(rest.post("/api/auth/select-org", { orgId: tenantId }), 200);
    }
    const roles = orgRole === null ? [] : [orgRole];
    return { ...NOBODY, role, api: rest, token, userId, tenantId, roles, teams: new Set() };
  }

  async function join(viewer: Viewer, teamId: string): Promise<Viewer> {
    await must(admin.post("/api/entities/Membership", { userId: viewer.userId, teamId }), 201);
    viewer.teams.add(teamId);
    return viewer;
  }

  const { json: guest } = await api(url).post<{ token: string; user_id: string }>("/api/auth/guest");
  return {
    admin: {
      ...NOBODY,
      role: "admin",
      api: admin,
      token: ADMIN_TOKEN,
      userId: "__admin__",
      isAdmin: true,
      teams: new Set(),
    },
    anonymous: { ...NOBODY, role: "anonymous", api: api(url), token: undefined, teams: new Set() },
    guest: {
      ...NOBODY,
      role: "guest",
      api: api(url, guest.token),
      token: guest.token,
      userId: guest.user_id,
      isGuest: true,
      teams: new Set(),
    },
    stranger: await user("stranger"),
    owner: await user("owner"),
    member: await join(await user("member", TENANT, "member"), TEAM),
    roleHolder: await user("roleHolder", TENANT, "admin"),
    neighbour: await join(await user("neighbour", OTHER_TENANT, "owner"), OTHER_TEAM),
  };
}

/** The answer, when its status is the wanted one. */
export async function must<T extends { readonly status: number; readonly text: string }>(
  asked: Promise<T>,
  status: number,
): Promise<T> {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.text}`);
  return answer;
}
