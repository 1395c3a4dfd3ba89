/** `.encrypted()` fields: sealed in the row and in the feed, open in rules and answers. */
import { PylonError } from "../kernel/errors.ts";
import type { App } from "./app.ts";

const cipherOf = ({ cipher }: App) => {
  if (cipher === null) throw new PylonError("ENCRYPTION_NOT_CONFIGURED", "PYLON_SECRET is not set", 503);
  return cipher;
};

export const seal = <T extends string | null>(app: App, text: T): T =>
  (text === null ? text : cipherOf(app).seal(text)) as T;

export const open = <T extends string | null>(app: App, sealed: T): T =>
  (sealed === null ? sealed : cipherOf(app).open(sealed)) as T;
