const TAB_CELLS = 2;

/** East Asian wide and full-width characters and emoji take two cells in a terminal; combining marks and joiners none. */
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1FAFF}\u{20000}-\u{3FFFD}]$/u;
const ZERO = /^(?:\p{Mn}|\p{Me}|[\u200B-\u200D]|[\u{1F3FB}-\u{1F3FF}])$/u;
/** Control and direction-override characters would move the frame: they are shown as one visible mark. */
const UNSAFE = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;

/** A source line as it is printed: tabs become two spaces, control characters a visible mark. */
export const printable = (line: string): string => line.replaceAll("\t", " ".repeat(TAB_CELLS)).replace(UNSAFE, "�");

/** Terminal cells of a source text once it is printed. */
export function cells(text: string): number {
  let sum = 0;
  for (const char of text) sum += char === "\t" ? TAB_CELLS : ZERO.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return sum;
}
