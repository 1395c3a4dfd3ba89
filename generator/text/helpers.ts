import { ident } from "./ident.ts";
import { literal } from "./literal.ts";

/** What templates may call. Kept under ten: anything else is decided in the view. */
export const HELPERS = {
  /** `{{lit name}}`: a TypeScript literal. */
  lit: (value: unknown): string => literal(value),
  /** `{{ident name}}`: a binding name. */
  ident: (text: string): string => ident(text),
  /** `{{doc text}}`: a doc comment, one line if the text has one. Inside a block, wrap it: `{{indent 2 (doc text)}}`. */
  doc: (text: string): string => docComment(text),
  /** `{{indent 2 text}}`: each line but the first moved right, since the template already stands at the place of the first. */
  indent: (columns: number, text: string): string => text.replace(/\n(?=[^\n])/g, `\n${" ".repeat(columns)}`),
} as const;

function docComment(text: string): string {
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `/** ${lines[0]} */`;
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"].join("\n");
}
