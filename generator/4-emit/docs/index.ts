import type { AppIr } from "../../ir/app.ts";
import type { OutFile } from "../../ir/out-file.ts";
import { accessPage } from "./access/index.ts";
import { openapi } from "./openapi/index.ts";

/** What people and tools read about the app: `_generated/manifest.json`, `openapi.json` and `access.md`. */
export const emitDocs = (ir: AppIr): OutFile[] => [
  { path: "_generated/manifest.json", text: printed(ir.manifest) },
  { path: "_generated/openapi.json", text: inlined(printed(openapi(ir))) },
  accessPage(ir),
];

const printed = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Lists of words on one line where they fit: `["string", "null"]`, so that a new field is few lines in a review. */
const inlined = (json: string): string =>
  json.replace(/\[\n\s+("[^"\\]*"(?:,\n\s+"[^"\\]*")*)\n\s+\]/g, (whole, items: string) => {
    const line = `[${items.replace(/,\n\s+/g, ", ")}]`;
    return line.length <= 80 ? line : whole;
  });
