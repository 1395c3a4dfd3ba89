import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { printTranscript, type Transcript } from "../support/cli.ts";
import { root } from "../support/files.ts";
import { expectGolden } from "../support/golden.ts";
import { type NotesApp, notesApp, snapshot } from "./notes-app.ts";

const run = promisify(execFile);

/** Records the words of a command, as text and with `--json`, and gives the first. */
async function recorded(app: NotesApp, name: string, words: readonly string[]): Promise<Transcript> {
  const text = await app.cli(...words);
  const json = await app.cli(...words, "--json");
  expect(json.code).toBe(text.code);
  expect(json.err).toEqual([]);
  expect(JSON.parse(json.out.at(-1) ?? "")).toHaveProperty("code", expect.stringMatching(/_(OK|FAILED)$/));
  for (const line of json.out) JSON.parse(line);
  for (const [suffix, all, said] of [
    ["txt", words, text],
    ["json.txt", [...words, "--json"], json],
  ] as const) {
    const shown = printTranscript(["pylon", ...all].join(" "), said).replaceAll(app.folder, "<app>");
    expectGolden(shown, join(root, "fixtures/cli/app", `${name}.${suffix}`));
  }
  return text;
}

const words = ({ out, err }: Transcript): string => [...err, ...out].join("\n");

describe("codegen", () => {
  test("writes, and says on the second run that nothing changed", async () => {
    const app = notesApp(true);
    expect(await app.cli("codegen")).toMatchObject({ code: 0, out: [expect.stringMatching(/^✓ \d+ files changed/)] });
    for (const path of ["_generated/access.md", "dist/server.js", "dist/public/index.html", ".pylon/tsconfig.json"])
      expect(existsSync(join(app.folder, path)), path).toBe(true);
    const before = snapshot(app.folder);
    await recorded(app, "codegen-unchanged", ["codegen"]);
    expect(snapshot(app.folder)).toEqual(before);
  });

  test("with an error: all of them at once, nothing written, exit 1", async () => {
    const app = notesApp();
    app.change('allowRead: "auth.userId == data.ownerId"', 'allowRead: "auth.userId == data.ownrId"');
    app.change('fields: ["ownerId"]', 'fields: ["owner"]');
    const before = snapshot(app.folder);
    expect((await recorded(app, "codegen-errors", ["codegen"])).code).toBe(1);
    expect(snapshot(app.folder)).toEqual(before);
  });

  test("code that cannot be bundled is told at its place, nothing written", async () => {
    const app = notesApp(true);
    app.change("../_generated/react.tsx", "../_generated/raect.tsx", "web/main.tsx");
    const before = snapshot(app.folder);
    const { code, err } = await recorded(app, "codegen-bundle-failed", ["codegen"]);
    expect(code).toBe(1);
    expect(err.join("\n")).toMatch(/error\[BUNDLE_FAILED\][\s\S]*web\/main\.tsx:2:20/);
    expect(snapshot(app.folder)).toEqual(before);
  });

  test("--strict makes a warning an error; without it the warning is said and the files are written", async () => {
    const app = notesApp();
    app.change(',\n  { indexes: [{ name: "by_owner", fields: ["ownerId"] }] },', ",");
    expect((await recorded(app, "codegen-strict", ["codegen", "--strict"])).code).toBe(1);
    expect(existsSync(join(app.folder, "_generated"))).toBe(false);
    const { code, err } = await app.cli("codegen");
    expect([code, err.join("\n")]).toEqual([0, expect.stringContaining("warning[INDEX_MISSING]")]);
  });

  test("--compat overrides the app: a string against a number is an error, and a warning in compatibility mode", async () => {
    const app = notesApp();
    app.change(
      'allowRead: "auth.userId == data.ownerId"',
      'allowRead: "auth.userId == data.ownerId && data.title > 3"',
    );
    const strict = await app.cli("check");
    expect([strict.code, words(strict)]).toEqual([1, expect.stringContaining("error[POLICY_TYPE]")]);
    const loose = await app.cli("check", "--compat", "0.11");
    expect([loose.code, words(loose)]).toEqual([0, expect.stringContaining("warning[POLICY_TYPE]")]);
    expect((await app.cli("codegen", "--compat", "0.11")).code).toBe(0);
  });
});

describe("codegen --check", () => {
  /** The app as it was generated, then changed; the check must write nothing, whatever it finds. */
  async function checked(name: string, change: (app: NotesApp) => void, more: readonly string[] = []) {
    const app = notesApp();
    expect((await app.cli("codegen")).code).toBe(0);
    change(app);
    const before = snapshot(app.folder);
    const said = await recorded(app, name, ["codegen", "--check", ...more]);
    expect(snapshot(app.folder)).toEqual(before);
    return said;
  }

  test("clean", async () => {
    expect((await checked("check-clean", () => undefined)).code).toBe(0);
  });

  test("stale: a field was added", async () => {
    const said = await checked(
      "check-stale",
      (app) => app.change("title: field.string(),", "title: field.string(),\n    notes: field.string().optional(),"),
      ["--stat"],
    );
    expect(said.code).toBe(1);
    expect(words(said)).toMatch(/_generated\/client\.ts {2}out of date/);
  });

  test("a diff is a unified one, cut at 200 lines without --full", async () => {
    const app = notesApp();
    await app.cli("codegen");
    app.change("title: field.string(),", "title: field.string(),\n    notes: field.string().optional(),");
    const short = (await app.cli("codegen", "--check")).out.join("\n").split("\n");
    const full = (await app.cli("codegen", "--check", "--full")).out.join("\n").split("\n");
    expect(full).toContain("--- _generated/client.ts");
    expect(full).toContain("+++ what app.ts says now");
    expect(full).toContain("+  notes: string | null;");
    expect(full.length).toBeGreaterThan(short.length);
    expect(short.join("\n")).toMatch(/… \d+ more lines: --full/);
  });

  test("written by another version of the toolchain", async () => {
    const said = await checked(
      "check-toolchain",
      (app) => {
        const text = "# by the version before\n";
        app.write("_generated/access.md", text);
        const list = JSON.parse(app.read("_generated/files.json")) as {
          toolchain: string;
          files: Record<string, string>;
        };
        list.toolchain = "0.0.9";
        list.files["_generated/access.md"] = createHash("sha256").update(text).digest("hex");
        app.write("_generated/files.json", JSON.stringify(list));
      },
      ["--stat"],
    );
    expect(said.code).toBe(1);
    expect(words(said)).toContain("_generated/access.md  written by another version of pylon");
  });

  test("another version of the toolchain that writes the same", async () => {
    const app = notesApp();
    await app.cli("codegen");
    app.change('"toolchain": "', '"toolchain": "0.0.9-', "_generated/files.json");
    const said = await app.cli("codegen", "--check");
    expect(said.code).toBe(1);
    expect(words(said)).toContain("_generated/files.json  written by another version of pylon");
  });

  test("edited by hand", async () => {
    const said = await checked("check-edited", (app) =>
      app.change("# Who may do what in notes", "# Who may do what in my notes", "_generated/access.md"),
    );
    expect(said.code).toBe(1);
    expect(words(said)).toContain("_generated/access.md  edited by hand: put custom code in functions/");
  });

  test.each([
    ["widened", "auth.userId != null", "WIDENED Note.read: owner → any signed-in user"],
    ["narrowed", "auth.userId == data.ownerId && auth.hasRole('editor')", "NARROWED Note.read: owner → "],
    [
      "changed",
      "auth.userId == data.title",
      "CHANGED, not decided Note.read: auth.userId == data.ownerId → auth.userId == data.title",
    ],
  ])("the access review: %s", async (kind, rule, line) => {
    const said = await checked(
      `check-${kind}`,
      (app) => app.change('allowRead: "auth.userId == data.ownerId"', `allowRead: "${rule}"`),
      ["--stat"],
    );
    expect(said.code).toBe(1);
    expect(words(said)).toContain(line);
  });

  test("--fail-on makes a gate of the review alone", async () => {
    const app = notesApp();
    await app.cli("codegen");
    app.change('allowRead: "auth.userId == data.ownerId"', 'allowRead: "false"');
    expect((await app.cli("codegen", "--check", "--fail-on", "widened,changed")).code).toBe(0);
    app.change('allowRead: "false"', 'allowRead: "true"');
    expect((await app.cli("codegen", "--check", "--fail-on", "widened,changed")).code).toBe(1);
  });

  test("an app with an error is not compared", async () => {
    const said = await checked("check-app-error", (app) => app.change("data.ownerId", "data.owner"));
    expect(said.code).toBe(1);
    expect(words(said)).toContain("nothing compared");
  });
});

describe("check", () => {
  test("no problems; a missing app is wrong usage", async () => {
    const app = notesApp();
    const before = snapshot(app.folder);
    expect((await recorded(app, "check-ok", ["check"])).code).toBe(0);
    expect(snapshot(app.folder)).toEqual(before);
    expect((await app.cli("check", "elsewhere")).code).toBe(2);
  });

  test("--types finds a wrong field in a filter of the page and in an arrow rule, at their places", async () => {
    const app = notesApp(true);
    expect((await app.cli("codegen")).code).toBe(0);
    expect(await app.cli("check", "--types")).toMatchObject({ code: 0 });

    app.change('where: { title: "x" }', 'where: { titel: "x" }', "web/main.tsx");
    const page = await app.cli("check", "--types");
    expect([page.code, words(page)]).toEqual([
      1,
      expect.stringMatching(/^web\/main\.tsx\(5,47\): error TS2561: .*titel/m),
    ]);
    const json = await app.cli("check", "--types", "--json");
    expect(JSON.parse(json.out[0] ?? "")).toMatchObject({
      code: "TS2561",
      span: { file: "web/main.tsx", line: 5, column: 47 },
    });
    app.change("titel", "title", "web/main.tsx");

    app.change(
      'allowRead: "auth.userId == data.ownerId"',
      "allowRead: ({ auth, data }) => auth.userId === data.ownrId",
    );
    const rule = await app.cli("check", "--types");
    expect([rule.code, words(rule)]).toEqual([1, expect.stringMatching(/^app\.ts\(21,\d+\): error TS2551: .*ownrId/m)]);
    expect(words(rule)).toContain("error[POLICY_UNKNOWN_FIELD]");
  });

  test("--types leaves out functions, whose packages nothing gives types to yet", async () => {
    const app = notesApp();
    app.write("functions/hello.ts", 'import { query } from "@pylonsync/functions";\nexport default query({});\n');
    expect(await app.cli("check", "--types")).toMatchObject({ code: 0 });
  });

  test("a kind of field that there is none of is told with those there are", async () => {
    const app = notesApp();
    app.change("title: field.string()", "title: field.text()");
    const { code, err } = await app.cli("check");
    expect([code, err.join("\n")]).toEqual([1, expect.stringContaining("the kinds of field are string, int,")]);
    app.change("title: field.text()", "title: field.strng()");
    expect((await app.cli("check")).err.join("\n")).toContain("did you mean `string`?");
  });

  test("a fresh clone with its committed _generated checks before any codegen, by plain tsc too", async () => {
    const made = notesApp(true);
    await made.cli("codegen");
    const clone = notesApp(true);
    for (const path of ["client.ts", "react.tsx"]) clone.write(`_generated/${path}`, made.read(`_generated/${path}`));
    expect(await clone.cli("check", "--types")).toMatchObject({ code: 0 });
    expect(clone.read(".pylon/.gitignore")).toBe("*\n");

    // What an editor reads.
    clone.write("tsconfig.json", '{ "extends": "./.pylon/tsconfig.json" }\n');
    const tsc = [join(root, "node_modules/typescript/bin/tsc"), "-p", clone.folder];
    expect((await run(process.execPath, tsc)).stdout).toBe("");
    clone.change('"x"', "7", "web/main.tsx");
    await expect(run(process.execPath, tsc)).rejects.toMatchObject({
      stdout: expect.stringMatching(/main\.tsx\(5,47\): error TS2322/),
    });
  });
});
