import type { AppIr } from "../../ir/app.ts";
import type { OutFile } from "../../ir/out-file.ts";
import { accessPage } from "./access/index.ts";
import { openapi } from "./openapi/index.ts";

/** What people and tools read about the app: `_generated/manifest.json`, `openapi.json` and `access.md`. */
export const emitDocs = (ir: AppIr): OutFile[] => [
  { path: "_generated/manifest.json", text: printed(ir.manifest) },
  { path: "_generated/openapi.json", text: printed(openapi(ir)) },
  accessPage(ir),
];

/** `/api/openapi.json`. */
export const openapiText = (ir: AppIr): string => JSON.stringify(openapi(ir));

const printed = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
