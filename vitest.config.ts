import { defineConfig } from "vitest/config";
import { sqliteDriver } from "./scripts/sqlite-driver.js";

export default defineConfig({
  resolve: { alias: { "better-sqlite3": sqliteDriver(import.meta.dirname).entry } },
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    // Tests start servers, browsers and databases of their own, and many measure time: two files at once are enough.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", "./test/support/closing-line.ts"],
  },
});
