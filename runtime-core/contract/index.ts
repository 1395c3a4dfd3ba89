/** The one door for generated code. What is not exported here may change with any release. */
export { type Auth, hasAnyRole, hasRole } from "../kernel/auth.ts";
export { ago, printDatetime } from "../kernel/datetime.ts";
export { compareText } from "../kernel/text.ts";
export type { PushTarget, SnapshotSource, Visibility } from "../log/ports.ts";
export type { Call, Reply } from "../net/ports.ts";
export { pylonAtMost, pylonEqual, pylonJson, pylonLess, pylonNum, pylonTruthy } from "../sql/coerce.ts";
export type { Args, SqlConnection, WriteUnit } from "../storage/ports.ts";
export type { SchemaDef } from "../storage/schema/schema.ts";
export * from "./app.ts";
export * from "./pushing.ts";
export * from "./reading.ts";
export * from "./refusing.ts";
export * from "./routing.ts";
export * from "./rows.ts";
export * from "./stamps.ts";
export * from "./values.ts";
export * from "./writing.ts";
