export { openIdentity } from "./identity.ts";
export { argon2Passwords } from "./password.ts";
export type { NewUser, UserStore } from "./ports.ts";
export { authRoutes } from "./routes.ts";
export { openSessions } from "./sessions.ts";
export { startSweeping } from "./sweeping.ts";
export { createAuthTables } from "./tables.ts";
