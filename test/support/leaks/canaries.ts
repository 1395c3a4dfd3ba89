import { randomBytes } from "node:crypto";

/** A word that nobody can guess and that stands in one place only: whoever has it has read that place. */
export const newCanary = (): string => `canary${randomBytes(12).toString("hex")}`;

/** Every canary in a text. */
export const canariesIn = (text: string): ReadonlySet<string> => new Set(text.match(/canary[0-9a-f]{24}/g) ?? []);
