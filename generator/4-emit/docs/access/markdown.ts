/** `text` as words of Markdown, shown as they are. */
export const words = (text: string): string => text.replace(/[\\`*_[\]<>]/g, (sign) => `\\${sign}`);

/** A code span: on one line, in a fence that `text` does not hold. */
export function code(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, " ");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^`|`$/.test(line) ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Markdown as a cell of a table, where a bar would begin the next one, in code spans too. */
export const cell = (markdown: string): string => markdown.replaceAll("|", "\\|");
