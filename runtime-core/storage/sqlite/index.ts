export { applySchema } from "../schema/apply.ts";
export { openSqlite } from "./open.ts";
export { isReaderThread, runReaderThread } from "./reader-thread-main.ts";
