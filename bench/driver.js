import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { sqliteDriver } from "../scripts/sqlite-driver.js";

/** better-sqlite3 as Pylon uses it on this Node. */
export const Database = createRequire(import.meta.url)(
  sqliteDriver(fileURLToPath(new URL("..", import.meta.url))).entry,
);
