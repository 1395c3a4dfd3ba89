/** What `app.ts` imports from `pylon` (and, in compatibility mode, from `@pylonsync/sdk`). */
export { app, buildManifest } from "./app.ts";
export { auth } from "./auth.ts";
export { discoverAppRoutes, discoverFunctions } from "./discover.ts";
export { type Entity, entity, type Infer, relation } from "./entity.ts";
export { cron, defineConnection, definePlugin, font, llm, requireEnv } from "./extras.ts";
export { type Field, field } from "./field.ts";
export type { AppManifest, Compat } from "./manifest.ts";
export { type Policy, policy } from "./policy.ts";
export { action, defineRoute, query, type RouteMode } from "./route.ts";
export { ago, exists, now, type Rule } from "./rule.ts";
