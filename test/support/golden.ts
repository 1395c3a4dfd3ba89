import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "vitest";

/** Compares text with a file, which `npm run golden:update` (UPDATE_GOLDEN=1) writes. */
export function expectGolden(text: string, file: string): void {
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(existsSync(file) ? readFileSync(file, "utf8") : `no ${file}: UPDATE_GOLDEN=1 writes it`);
}
