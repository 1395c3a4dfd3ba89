import { describe, expect, test } from "vitest";
import type { Located } from "../../../generator/1-load/result.ts";
import type { Diagnostic } from "../../../generator/diagnostics/diagnostic.ts";
import { formatDiagnostics, sortDiagnostics, summaryLine } from "../../../generator/diagnostics/report.ts";

const source = [
  'const Todo = entity("Todo", {',
  "    userId: field.string(),",
  "});",
  'const todo = policy({ entity: "Todo",',
  '  allowRead: "auth.userId != null",',
  '  allowInsert: "auth.userId == data.ownerId",',
  "});",
].join("\n");

/** `line:column-endColumn` of app.ts, with `lib.ts:` before it for the other file. */
const located = (text: string): Located => {
  const [, file = "app.ts", line, column, end] = /^(?:(\S+\.ts):)?(\d+):(\d+)-(\d+)$/.exec(text) ?? [];
  return { span: { file, line: Number(line), column: Number(column), endLine: Number(line), endColumn: Number(end) } };
};
const locate = (origin: { key: string }): Located | null => (origin.key === "nowhere" ? null : located(origin.key));
const text = (list: Diagnostic[], read = source): string =>
  formatDiagnostics(list, locate, () => read, { color: false, format: "text" }).join("\n");

const unknownField: Diagnostic = {
  code: "POLICY_UNKNOWN_FIELD",
  severity: "error",
  message: "Todo has no field `ownerId`",
  hint: "did you mean `userId`?",
  label: "not declared on Todo",
  at: { key: "6:37-44" },
  related: [{ at: { key: "2:5-11" }, message: "" }],
};

describe("text", () => {
  test("draws frames as in the style guide", () => {
    const syntax: Diagnostic = {
      code: "POLICY_SYNTAX",
      severity: "error",
      message: "`=` is not an operator; equality is `==`",
      label: "write `==`",
      at: { key: "6:40-43" },
    };
    const index: Diagnostic = {
      code: "INDEX_MISSING",
      severity: "warning",
      message: "every list of Todo filters by `userId`, which has no index",
      hint: 'add to Todo: indexes: [{ name: "by_user", fields: ["userId"] }]',
      at: { key: "2:5-11" },
    };
    expect(text([syntax, unknownField, index])).toBe(`\
warning[INDEX_MISSING] every list of Todo filters by \`userId\`, which has no index
   ╭─ app.ts:2:5
 2 │     userId: field.string(),
   ╰─ add to Todo: indexes: [{ name: "by_user", fields: ["userId"] }]
   next: pylon explain INDEX_MISSING

error[POLICY_UNKNOWN_FIELD] Todo has no field \`ownerId\`
   ╭─ app.ts:6:37
 5 │   allowRead: "auth.userId != null",
 6 │   allowInsert: "auth.userId == data.ownerId",
   ·                                     ───┬───
   ·                                        ╰─ not declared on Todo
   ╰─ did you mean \`userId\` (app.ts:2:5)?

error[POLICY_SYNTAX] \`=\` is not an operator; equality is \`==\`
   ╭─ app.ts:6:40
 6 │   allowInsert: "auth.userId == data.ownerId",
   ·                                        ─┬─
   ·                                         ╰─ write \`==\``);
  });

  test("draws several labels in one frame, from right to left, and other files below it", () => {
    const list: Diagnostic = {
      ...unknownField,
      label: "first",
      hint: "rename one",
      at: { key: "6:3-14" },
      related: [
        { at: { key: "6:17-28" }, message: "second" },
        { at: { key: "2:5-11" }, message: "far above" },
        { at: { key: "lib.ts:9:1-2" }, message: "made here" },
      ],
    };
    expect(text([list])).toBe(`\
error[POLICY_UNKNOWN_FIELD] Todo has no field \`ownerId\`
   ╭─ app.ts:6:3
 2 │     userId: field.string(),
   ·     ──┬───
   ·       ╰─ far above
   ⋮
 6 │   allowInsert: "auth.userId == data.ownerId",
   ·   ─────┬─────   ─────┬─────
   ·        │             ╰─ second
   ·        ╰─ first
   ├─ made here (lib.ts:9:1)
   ╰─ rename one
   next: pylon explain POLICY_UNKNOWN_FIELD`);
  });

  test("counts cells, not characters: tabs, wide characters and control characters stay in line", () => {
    const line = '\tname: "日本\u0007", bad';
    const start = line.indexOf("bad") + 1;
    const one: Diagnostic = { ...unknownField, hint: "fix it", related: [], at: { key: `1:${start}-${start + 3}` } };
    const frame = text([one], line).split("\n");
    expect(frame[2]).toBe(' 1 │   name: "日本�", bad');
    expect(frame[3]).toBe(`   · ${" ".repeat(2 + 'name: "'.length + 4 + '�", '.length)}─┬─`);
  });

  test("without a place it says the message and what to do; without a hint or label the code's advice", () => {
    expect(
      text([{ code: "SCHEMA_EMPTY", severity: "error", message: "nothing is declared", at: { key: "nowhere" } }]),
    ).toBe(
      "error[SCHEMA_EMPTY] nothing is declared\n   ╰─ list at least one entity in the manifest\n   next: pylon explain SCHEMA_EMPTY",
    );
  });

  test("names the helper that made it", () => {
    const lines = formatDiagnostics(
      [unknownField],
      () => ({ ...located("6:37-44"), madeIn: located("lib/helpers.ts:2:3-4").span }),
      () => source,
      { color: false, format: "text" },
    );
    expect(lines[1]).toBe("   ╭─ app.ts:6:37 (made in lib/helpers.ts:2)");
  });
});

test("sorts by file, line, column and drops repeats", () => {
  const at = (key: string): Diagnostic => ({ ...unknownField, message: key, at: { key } });
  const list = ["lib.ts:1:1-2", "6:3-4", "2:9-10", "2:5-6", "nowhere", "6:3-4"].map(at);
  expect(sortDiagnostics(list, locate).map((d) => d.message)).toEqual([
    "nowhere",
    "2:5-6",
    "2:9-10",
    "6:3-4",
    "lib.ts:1:1-2",
  ]);
});

test("JSON has the span, the related places and always a hint", () => {
  const [line = ""] = formatDiagnostics([unknownField], locate, () => source, { color: false, format: "json" });
  expect(JSON.parse(line)).toEqual({
    severity: "error",
    code: "POLICY_UNKNOWN_FIELD",
    message: "Todo has no field `ownerId`",
    hint: "did you mean `userId`?",
    label: "not declared on Todo",
    span: { file: "app.ts", line: 6, column: 37, endLine: 6, endColumn: 44 },
    related: [{ message: "", span: { file: "app.ts", line: 2, column: 5, endLine: 2, endColumn: 11 } }],
  });
});

test("annotations escape what GitHub reads as syntax", () => {
  const one: Diagnostic = { ...unknownField, severity: "warning", message: "100%\nsure", hint: "a: b, c" };
  expect(formatDiagnostics([one], locate, () => source, { color: false, format: "github" })).toEqual([
    "::warning file=app.ts,line=6,col=37,endLine=6,endColumn=44,title=POLICY_UNKNOWN_FIELD::100%25%0Asure%0Aa: b, c",
  ]);
});

test("colour changes nothing but escapes", () => {
  const colored = formatDiagnostics([unknownField], locate, () => source, { color: true, format: "text" }).join("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is tested
  const plain = colored.replace(/\u001b\[\d+m/g, "");
  expect(colored).not.toBe(plain);
  expect(plain).toBe(text([unknownField]));
});

test("the summary counts, and leaves out what there is none of", () => {
  const warning: Diagnostic = { ...unknownField, severity: "warning" };
  const line = (list: Diagnostic[], outcome = "nothing written"): string =>
    summaryLine(list, "app.ts", outcome, 130.7, false);
  expect(line([unknownField, unknownField, warning])).toBe(
    "✗ 2 errors, 1 warning in app.ts · nothing written · 131 ms",
  );
  expect(line([warning, warning], "")).toBe("! 2 warnings in app.ts · 131 ms");
  expect(line([], "2 entities")).toBe("✓ no problems · 2 entities · 131 ms");
});
