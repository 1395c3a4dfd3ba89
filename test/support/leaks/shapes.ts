/**
 * The shapes of read rules, each an entity of one app. `sees` says by hand what the rule means, for the matrix to compare with: it shares
 * nothing with what codegen makes of the rule.
 */
import type { Viewer } from "./viewers.ts";

export type Values = Readonly<Record<string, string | number | boolean | null>>;

export interface People {
  readonly owner: string;
  readonly stranger: string;
  readonly member: string;
}

export interface Shape {
  readonly name: string;
  /** Columns beside `canary`, and the options of the entity, as text of app.ts. */
  readonly fields: string;
  readonly options?: string;
  /** Members of the policy; null: there is none. */
  readonly policy: string | null;
  /** One of these for each row. */
  readonly rows: (people: People) => readonly Values[];
  readonly sees: (viewer: Viewer, row: Values) => boolean;
  /** What pull, sockets and streams may send, where that is less. */
  readonly syncs?: (viewer: Viewer, row: Values) => boolean;
  /** Columns that carry a canary of their own: who may have them of a row that he sees. */
  readonly secrets?: Readonly<Record<string, (viewer: Viewer, row: Values) => boolean>>;
}

const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

/** Tenants and teams of the seed. */
export const TENANT = "org-red";
export const OTHER_TENANT = "org-blue";
export const TEAM = "team-one";
export const OTHER_TEAM = "team-two";

const owns = (viewer: Viewer, row: Values): boolean => viewer.userId !== null && viewer.userId === row.ownerId;
const isUser = (viewer: Viewer): boolean => viewer.userId !== null && !viewer.isGuest;
const always = (): boolean => true;
const never = (): boolean => false;

const owned = ({ owner, stranger, member }: People): readonly Values[] => [
  { ownerId: owner },
  { ownerId: stranger },
  { ownerId: member },
  { ownerId: "nobody" },
];

const ownedOrPublic = ({ owner, stranger }: People): readonly Values[] => [
  { ownerId: owner, isPublic: false },
  { ownerId: owner, isPublic: true },
  { ownerId: stranger, isPublic: false },
  { ownerId: "nobody", isPublic: false },
];

const OWNER = "ownerId: field.string()";
const OWNER_OR_PUBLIC = `${OWNER}, isPublic: field.bool()`;
const BY_OWNER = '{ indexes: [{ name: "by_owner", fields: ["ownerId"] }] }';

export const SHAPES: readonly Shape[] = [
  { name: "Nothing", fields: OWNER, policy: null, rows: owned, sees: never },
  { name: "Everyone", fields: OWNER, policy: 'allowRead: "true"', rows: owned, sees: always },
  {
    name: "SignedIn",
    fields: OWNER,
    policy: 'allowRead: "auth.userId != null"',
    rows: owned,
    sees: ({ userId }) => userId !== null,
  },
  {
    name: "NoGuest",
    fields: OWNER,
    policy: 'allowRead: "auth.userId != null && !auth.isGuest"',
    rows: owned,
    sees: isUser,
  },
  {
    name: "Owned",
    fields: `${OWNER}, code: field.string().unique()`,
    options: BY_OWNER,
    policy: 'allowRead: "auth.userId == data.ownerId", allowInsert: "auth.userId != null"',
    rows: owned,
    sees: owns,
    secrets: { code: always },
  },
  {
    name: "OwnerOrPublic",
    fields: OWNER_OR_PUBLIC,
    options: BY_OWNER,
    policy: 'allowRead: "data.isPublic || auth.userId == data.ownerId"',
    rows: ownedOrPublic,
    sees: (viewer, row) => row.isPublic === true || owns(viewer, row),
  },
  {
    name: "Tenanted",
    fields: "tenantId: field.string()",
    policy: 'allowRead: "auth.tenantId == data.tenantId"',
    rows: () => [{ tenantId: TENANT }, { tenantId: OTHER_TENANT }, { tenantId: "org-empty" }],
    sees: (viewer, row) => viewer.tenantId === row.tenantId,
  },
  {
    name: "NullableOrg",
    fields: "orgKey: field.string().optional()",
    policy: 'allowRead: "auth.tenantId == data.orgKey"',
    rows: () => [{ orgKey: TENANT }, { orgKey: OTHER_TENANT }, { orgKey: null }],
    // No tenant is not the tenant of a row without one (D12).
    sees: (viewer, row) => viewer.tenantId !== null && viewer.tenantId === row.orgKey,
  },
  {
    name: "NullableOwner",
    fields: "ownerId: field.string().optional()",
    policy: 'allowRead: "data.ownerId == auth.userId"',
    rows: ({ owner, stranger }) => [{ ownerId: owner }, { ownerId: null }, { ownerId: stranger }],
    sees: owns,
  },
  {
    name: "ForRoles",
    fields: OWNER,
    policy: `allowRead: 'auth.hasAnyRole("owner", "admin")'`,
    rows: owned,
    sees: ({ roles }) => roles.includes("owner") || roles.includes("admin"),
  },
  {
    name: "RoleAndTenant",
    fields: "tenantId: field.string(), level: field.int()",
    policy: `allowRead: 'auth.tenantId == data.tenantId && (data.level < 3 || auth.hasRole("admin"))'`,
    rows: () => [
      { tenantId: TENANT, level: 1 },
      { tenantId: TENANT, level: 5 },
      { tenantId: OTHER_TENANT, level: 1 },
    ],
    sees: (viewer, row) =>
      viewer.tenantId === row.tenantId && (Number(row.level) < 3 || viewer.roles.includes("admin")),
  },
  {
    name: "TeamDoc",
    fields: "teamId: field.string()",
    policy: 'allowRead: "exists(Membership where teamId == data.teamId and userId == auth.userId)"',
    rows: () => [{ teamId: TEAM }, { teamId: OTHER_TEAM }, { teamId: "team-empty" }],
    sees: (viewer, row) => viewer.teams.has(String(row.teamId)),
  },
  {
    name: "Timed",
    fields: "since: field.datetime(), until: field.datetime().optional()",
    policy: `allowRead: 'data.since > ago("2d") && data.since <= now && (data.until == null || data.until > now)'`,
    rows: () => [
      { since: inHours(-1), until: null },
      { since: inHours(-1), until: inHours(48) },
      { since: inHours(-1), until: inHours(-1) },
      { since: inHours(-72), until: null },
      { since: inHours(72), until: null },
    ],
    sees: (_, row) => {
      const since = Date.parse(String(row.since));
      const isOver = row.until !== null && Date.parse(String(row.until)) <= Date.now();
      return since > Date.now() - 48 * HOUR_MS && since <= Date.now() && !isOver;
    },
  },
  {
    name: "Mixed",
    fields: `${OWNER}, archived: field.bool().optional(), status: field.enum(["draft", "published"])`,
    policy: `allowRead: "(auth.userId == data.ownerId && !data.archived) || (data.status == 'published' && auth.userId != null && !(data.ownerId == auth.userId))"`,
    rows: ({ owner, stranger }) => [
      { ownerId: owner, archived: null, status: "draft" },
      { ownerId: owner, archived: true, status: "draft" },
      { ownerId: owner, archived: true, status: "published" },
      { ownerId: stranger, archived: false, status: "published" },
      { ownerId: stranger, archived: false, status: "draft" },
    ],
    sees: (viewer, row) =>
      (owns(viewer, row) && row.archived !== true) ||
      (row.status === "published" && viewer.userId !== null && !owns(viewer, row)),
  },
  {
    name: "FieldRules",
    fields: `${OWNER_OR_PUBLIC},
    forOwner: field.string().readable("auth.userId == data.ownerId"),
    whenPublic: field.string().readable("data.isPublic"),
    forAdmin: field.string().readable("auth.isAdmin")`,
    policy: 'allowRead: "true"',
    rows: ownedOrPublic,
    sees: always,
    secrets: { forOwner: owns, whenPublic: (_, row) => row.isPublic === true, forAdmin: never },
  },
  {
    // The rule of the field is all that tells callers apart, and names the row alone.
    name: "FieldOfRow",
    fields: `${OWNER_OR_PUBLIC}, whenPublic: field.string().readable("data.isPublic")`,
    policy: 'allowRead: "true"',
    rows: ownedOrPublic,
    sees: always,
    secrets: { whenPublic: (_, row) => row.isPublic === true },
  },
  {
    name: "Internal",
    fields: `level: field.int().serverOnly(), internal: field.string().serverOnly()`,
    policy: 'allowRead: "data.level <= 1"',
    rows: () => [{ level: 0 }, { level: 1 }, { level: 2 }],
    sees: (_, row) => Number(row.level) <= 1,
    secrets: { internal: never },
  },
  {
    name: "Sealed",
    fields: `${OWNER}, sealed: field.string().encrypted()`,
    policy: 'allowRead: "auth.userId == data.ownerId"',
    rows: owned,
    sees: owns,
    secrets: { sealed: always },
  },
  {
    name: "Scoped",
    fields: OWNER,
    options: `{ sync: { where: "auth.userId == data.ownerId" } }`,
    policy: 'allowRead: "true"',
    rows: owned,
    sees: always,
    syncs: owns,
  },
  {
    name: "ScopedTwice",
    fields: `${OWNER_OR_PUBLIC}, level: field.int()`,
    options: `{ sync: { where: "data.level < 3" } }`,
    policy: 'allowRead: "data.isPublic || auth.userId == data.ownerId"',
    rows: (people) => ownedOrPublic(people).map((row, at) => ({ ...row, level: at < 2 ? 1 : 5 })),
    sees: (viewer, row) => row.isPublic === true || owns(viewer, row),
    syncs: (viewer, row) => (row.isPublic === true || owns(viewer, row)) && Number(row.level) < 3,
  },
  {
    name: "Unsynced",
    fields: OWNER,
    options: "{ sync: false }",
    policy: 'allowRead: "auth.userId == data.ownerId"',
    rows: owned,
    sees: owns,
    syncs: never,
  },
];

const entityText = ({ name, fields, options }: Shape): string =>
  `entity("${name}", { canary: field.string(), ${fields} }${options === undefined ? "" : `, ${options}`})`;

const policyText = ({ name, policy }: Shape): readonly string[] =>
  policy === null ? [] : [`policy({ name: "${name}Rules", entity: "${name}", ${policy} })`];

/** app.ts of all shapes, with who belongs to what. */
export const leaksApp = (): string => `import { app, auth, entity, field, policy } from "pylon";

export default app({
  name: "leaks",
  entities: [
    entity("User", {
      email: field.string().unique(),
      displayName: field.string(),
      passwordHash: field.string().optional().serverOnly(),
      score: field.string().optional().readable("auth.isAdmin"),
      phone: field.string().optional().encrypted(),
    }),
    entity("OrgMember", { userId: field.string(), orgId: field.string(), role: field.string() }),
    entity("Membership", { userId: field.string(), teamId: field.string() }, {
      indexes: [{ name: "by_team_user", fields: ["teamId", "userId"] }],
    }),
    ${SHAPES.map(entityText).join(",\n    ")},
  ],
  policies: [
    ${SHAPES.flatMap(policyText).join(",\n    ")},
  ],
  auth: auth({ user: { entity: "User" } }),
});
`;
