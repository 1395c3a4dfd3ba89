import { ts } from "ts-morph";
import { expect, test } from "vitest";
import type { OutFile } from "../../../generator/ir/out-file.ts";
import { compile } from "../../support/apps.ts";
import { appFolder } from "../1-load/app-folder.ts";

/** An app whose every free text is `t`, behind a letter that keeps their order. Texts inside rules are quoted by the rule. */
const app = (t: (letter: string) => string): string => {
  const lit = (letter: string): string => JSON.stringify(t(letter));
  const inRule = (letter: string): string => JSON.stringify(t(letter)).slice(1, -1);
  return `import { action, app, auth, defineRoute, entity, field, policy, query, relation } from "pylon";
const rule = (text: string) => '"' + text.replaceAll("\\\\", "\\\\\\\\").replaceAll('"', '\\\\"') + '"';
const Todo = entity("Todo", {
  title: field.string().default(${lit("a")}).renamedFrom(${lit("b")}),
  state: field.enum([${lit("a")}, ${lit("b")}]),
  parent: field.string().optional(),
  userId: field.string().owner().readable("auth.hasRole(" + rule(${lit("r")}) + ")"),
}, {
  indexes: [{ name: ${lit("a")}, fields: ["title"] }, { name: ${lit("b")}, fields: ["userId"] }],
  relations: [relation({ name: ${lit("r")}, target: "Todo", field: "parent" })],
  sync: { where: "data.title != " + rule(${lit("s")}) },
  renamedFrom: ${lit("o")},
});
export default app({
  name: ${lit("n")}, version: ${lit("v")}, entities: [Todo],
  policies: [
    policy({ name: ${lit("p")}, entity: "Todo", allowRead: "auth.userId == data.userId && data.title != " + rule(${lit("x")}),
      allowWrite: ({ auth, data }) => auth.hasRole("${inRule("w")}") && data.title != "${inRule("y")}" }),
    policy({ name: ${lit("q")}, entity: "Todo", allow: "auth.hasAnyRole(" + rule(${lit("k")}) + ", " + rule(${lit("l")}) + ")" }),
  ],
  routes: [defineRoute({ path: ${JSON.stringify(`/${t("z").replaceAll(":", "")}`)}, mode: "static" })],
  queries: [query(${lit("c")})], actions: [action(${lit("d")}, { input: [{ name: ${lit("i")}, type: "string" }] })],
  auth: auth({ trustedOrigins: ["https://x.test"], session: { cookieCache: { claims: [${lit("m")}] } } }),
});\n`;
};

const compiled = async (t: (letter: string) => string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { files } = await compile(appFolder({ "app.ts": app(t) }));
  return new Map(files.map((file) => [file.path, skeleton(file)]));
};

/** What is left of a file without its texts and comments: a text that became more than a text shows here. */
function skeleton({ path, text }: OutFile): readonly string[] {
  if (/\.tsx?$/.test(path)) return tokensOf(text);
  if (path.endsWith(".sql")) return sqlTokens(text);
  if (path.endsWith(".md")) return blocksOf(text);
  return [JSON.stringify(JSON.parse(text), (_key, value: unknown) => (typeof value === "string" ? "" : value))];
}

const TEXTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
]);

/** One token a node without children, so that the parser decides what a regular expression or a template is. */
function tokensOf(text: string): readonly string[] {
  const tree = ts.createSourceFile("a.tsx", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    const children = node
      .getChildren(tree)
      .filter((child) => child.kind < ts.SyntaxKind.FirstJSDocNode || child.kind > ts.SyntaxKind.LastJSDocNode);
    if (TEXTS.has(node.kind)) tokens.push('""');
    else if (children.length === 0) tokens.push(node.getText(tree));
    else for (const child of children) visit(child);
  };
  visit(tree);
  // Where a line had to be broken, its list has a comma more.
  return tokens.filter((token, i) => token !== "" && !(token === "," && /^[)\]}]$/.test(tokens[i + 1] ?? "")));
}

/** Names, strings and comments are one token each. */
const sqlTokens = (text: string): readonly string[] =>
  [...text.matchAll(/--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+|\S/g)]
    .map(([token]) => (/^['"]/.test(token) ? token.charAt(0) : token))
    .filter((token) => !token.startsWith("--"));

/** The kind of each line: heading, item, row of a table with its cells, or text. */
const blocksOf = (text: string): readonly string[] =>
  text.split("\n").map((line) => {
    if (line.startsWith("|")) return `row ${line.replaceAll("\\|", "").split("|").length}`;
    return /^(?:#+ |- |<!--)/.exec(line)?.[0] ?? (line === "" ? "" : "text");
  });

const HOSTILE = [
  "*/ alert(1) /*",
  '"; alert(1); //',
  "`\x24{alert(1)}`",
  "'); DROP TABLE x; --",
  "</script><!-- -->",
  "\\",
  "| a | b\\",
  "**b** [x](javascript:y) # h",
  "$& $1 {{lit name}} {{> partials/header}}",
  "constructor",
  "__proto__",
  "é 漢 🙂",
];

test.each(HOSTILE)("%s is a text wherever app.ts says it", async (hostile) => {
  const made = await compiled((letter) => `${letter}${hostile}`);
  // Of the same length: which condition of a scope is asked first depends on it.
  const wanted = await compiled((letter) => letter + "x".repeat(JSON.stringify(hostile).length - '""'.length));
  for (const [path, tokens] of wanted) expect({ path, tokens: made.get(path) }).toEqual({ path, tokens });
});

/** Where nothing else would show that a text that gets out is seen. */
test.each([
  ["a.ts", "/** a */ const a = 1;", "/** */ alert(1) /* */ const a = 1;"],
  ["a.ts", 'const a = "x";', 'const a = ""; alert(1); //";'],
  ["a.ts", "const a = `x`;", "const a = `\x24{alert(1)}`;"],
  ["a.sql", "-- a\nSELECT 'a';", "-- \n; DROP TABLE x; --\nSELECT 'a';"],
  ["a.sql", "SELECT 'a';", "SELECT ''); DROP TABLE x; --';"],
  ["a.md", "| a | b |", "| a | b | c |"],
  ["a.json", '{"a":"b"}', '{"a":"","x":1}'],
])("a text that gets out of %s is seen", (path, before, after) =>
  expect(skeleton({ path, text: after })).not.toEqual(skeleton({ path, text: before })),
);
