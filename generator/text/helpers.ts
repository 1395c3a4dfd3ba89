import { literal } from "./literal.ts";

/** What templates may call. Kept under ten: anything else is decided in the view. */
export const HELPERS = {
  /** `{{lit name}}`: a TypeScript literal. */
  lit: (value: unknown): string => literal(value),
  /** `{{doc text}}`: a doc comment, one line if the text has one. */
  doc: (text: string): string => docComment(text),
  /** `{{comment name}}`: text inside a comment of one line, which it cannot end. */
  comment: (text: string): string => inComment(text).replace(/\s+/g, " "),
} as const;

const inComment = (text: string): string => text.replaceAll("*/", "*\\/");

function docComment(text: string): string {
  const lines = inComment(text).split("\n");
  if (lines.length === 1) return `/** ${lines[0]} */`;
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"].join("\n");
}
