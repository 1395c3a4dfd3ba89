import { appCodes } from "./codes/app.ts";
import { entityCodes } from "./codes/entities.ts";
import type { CodeEntry } from "./codes/entry.ts";
import { fieldCodes } from "./codes/fields.ts";
import { linkCodes } from "./codes/links.ts";
import { policyCodes } from "./codes/policies.ts";
import { routeCodes } from "./codes/routes.ts";

export type { CodeEntry, RuntimeCodeEntry } from "./codes/entry.ts";
export { RUNTIME_CODES, type RuntimeCodeName } from "./codes/runtime.ts";

/** Every compile-time code, once. `pylon explain`, docs/errors.md and the defaults of severity come from here. */
export const CODES = {
  ...appCodes,
  ...entityCodes,
  ...fieldCodes,
  ...linkCodes,
  ...policyCodes,
  ...routeCodes,
} as const satisfies Record<string, CodeEntry>;

export type CodeName = keyof typeof CODES;

/** The table widened, for readers that take any code: one entry of the literal type has no common methods. */
export const codeEntry = (code: CodeName): CodeEntry => CODES[code];

export const isCodeName = (text: string): text is CodeName => Object.hasOwn(CODES, text);
