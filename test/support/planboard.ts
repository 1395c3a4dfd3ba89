import { join } from "node:path";
import { APPS } from "./apps.ts";
import { ADMIN_TOKEN, type Api, api } from "./client.ts";
import { buildApp, type RunningServer, startServer } from "./server.ts";

/** The app of fifteen entities as it is, and with compatibility off. */
export type Mode = "default" | "compatibility";
export const MODES: readonly Mode[] = ["default", "compatibility"];

export interface Caller extends Api {
  readonly token: string;
  readonly userId: string;
}

export interface Planboard {
  readonly mode: Mode;
  readonly server: RunningServer;
  readonly url: string;
  readonly anyone: Api;
  readonly admin: Api;
  /** Owner of `orgs.first`, selected. */
  readonly ann: Caller;
  /** Member of `orgs.first`, selected. */
  readonly bob: Caller;
  /** Owner of `orgs.second`, selected. */
  readonly cid: Caller;
  readonly orgs: { readonly first: string; readonly second: string };
}

/** A server of the app with three users in two organisations. */
export async function startPlanboard(mode: Mode, env: Readonly<Record<string, string>> = {}): Promise<Planboard> {
  const app = await buildApp(join(APPS, "original-fifteen"), mode === "default" ? ["--compat", "off"] : []);
  const server = await startServer(app, { PYLON_CORS_ORIGIN: "https://app.example", ...env });
  const admin = api(server.url, ADMIN_TOKEN);
  const orgs = {
    first: await insert(admin, "Organization", org("first")),
    second: await insert(admin, "Organization", org("second")),
  };
  const [ann, bob, cid] = await Promise.all([
    joined(admin, "ann", orgs.first, "owner"),
    joined(admin, "bob", orgs.first, "member"),
    joined(admin, "cid", orgs.second, "owner"),
  ]);
  return { mode, server, url: server.url, anyone: api(server.url), admin, ann, bob, cid, orgs };
}

const org = (slug: string) => ({ name: slug, slug });

async function joined(admin: Api, name: string, orgId: string, role: string): Promise<Caller> {
  const user = await signedIn(admin, name);
  await insert(admin, "OrgMember", { userId: user.userId, orgId, role });
  const { status, text } = await user.post("/api/auth/select-org", { orgId });
  if (status !== 200) throw new Error(`select-org: ${status} ${text}`);
  return user;
}

/** A new user with a session, in no organisation. */
export async function signedIn(admin: Api, name: string): Promise<Caller> {
  const email = `${name}@example.com`;
  const userId = await insert(admin, "User", {
    email,
    displayName: name,
    phone: `canary-${name}`,
    createdAt: "2026-01-02T03:04:05Z",
  });
  return session(admin, userId);
}

/** One more session of a user. */
export async function session(admin: Api, userId: string): Promise<Caller> {
  const { json } = await admin.post<{ token: string }>("/api/auth/session", { user_id: userId });
  return { ...api(admin.url, json.token), token: json.token, userId };
}

/** Inserts a row and gives its id. Throws when it is refused. */
export async function insert(by: Api, entity: string, row: object): Promise<string> {
  const { status, text, json } = await by.post<{ id: string }>(`/api/entities/${entity}`, row);
  if (status !== 201) throw new Error(`insert ${entity}: ${status} ${text}`);
  return json.id;
}

let made = 0;

/** A product that everyone sees, with a new sku. */
export const product = (more: object = {}): object => ({
  sku: `sku-${++made}`,
  title: "Lamp",
  price: 12.5,
  stock: 3,
  listed: true,
  ...more,
});

/** An order of this buyer. */
export const order = (buyerId: string, more: object = {}): object => ({
  buyerId,
  productId: "0".repeat(40),
  quantity: 1,
  status: "draft",
  placedAt: "2026-02-03T04:05:06Z",
  ...more,
});
