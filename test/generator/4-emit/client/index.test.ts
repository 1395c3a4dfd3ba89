import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitClient } from "../../../../generator/4-emit/client/index.ts";
import { app, clashing, entity, field, text, todo, user, wide } from "./sample-ir.ts";

const root = join(import.meta.dirname, "../../../..");
const [client = "", react = ""] = emitClient(app([user, todo])).map((file) => file.text);
const everything = emitClient(app([user, todo, wide, ...clashing], "o'dd"));

/** The lines of `export interface name { … }`. */
function interfaceOf(source: string, name: string): string[] {
  const body = new RegExp(`interface ${name} \\{\\n([^}]*)\\}`).exec(source)?.[1] ?? "";
  return body.split("\n").flatMap((line) => (line.trim() === "" || line.includes("/**") ? [] : [line.trim()]));
}

describe("types of an entity", () => {
  test("a row has every field that clients may see", () => {
    expect(interfaceOf(client, "Todo")).toEqual([
      "id: string;",
      "userId: string;",
      "title: string;",
      "done: boolean;",
      "createdAt: string;",
    ]);
  });

  test("an insert asks for what has no default and is not stamped", () => {
    expect(interfaceOf(client, "TodoInsert")).toEqual([
      "id?: string;",
      "title: string;",
      "done?: boolean;",
      "createdAt?: string;",
    ]);
  });

  test("a patch has no readonly field", () => {
    expect(interfaceOf(client, "TodoPatch")).toEqual(["title?: string;", "done?: boolean;", "createdAt?: string;"]);
  });

  test("hidden columns are nowhere", () => {
    expect(client + react).not.toContain("passwordHash");
  });

  test("null stands where rows carry null; encrypted fields cannot be filtered; what is not synced is not in rows", () => {
    const source = everything[0]?.text ?? "";
    expect(interfaceOf(source, "Wide")).toEqual([
      "id: string;",
      "tenantId: string;",
      "status: WideStatus;",
      "mood: WideMood | null;",
      "note: string | null;",
      "rank: number | null;",
      "meta: unknown;",
      "salary: number | null;",
      "vault: string;",
      "editedAt: string | null;",
      "default: boolean;",
    ]);
    expect(interfaceOf(source, "WideWhere").join()).not.toMatch(/vault|meta|notes|secret/);
    expect(interfaceOf(source, "WidePatch").join()).not.toMatch(/tenantId|editedAt|secret/);
  });
});

describe("text", () => {
  test("does not depend on anything but the IR", () => {
    expect(emitClient(app([user, todo])).map((file) => file.text)).toEqual([client, react]);
  });

  test("a new field touches few lines", () => {
    const more = entity("Todo", [...todo.fields, field("note", text, { optional: true })], { ownerField: "userId" });
    const after = emitClient(app([user, more]));
    expect(after[1]?.text).toBe(react);
    expect((after[0]?.text.split("\n").length ?? 0) - client.split("\n").length).toBe(6);
  });
});

describe("every construct", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(root, "test/generator/4-emit/client/out-"));
    mkdirSync(join(folder, "_generated"));
    for (const file of everything) writeFileSync(join(folder, file.path), file.text);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (command: string, args: readonly string[]) =>
    spawnSync(join(root, "node_modules/.bin", command), args, { cwd: folder, encoding: "utf8" });

  test("is printed as the formatter would print it", () => {
    writeFileSync(
      join(folder, "biome.json"),
      JSON.stringify({ root: true, formatter: { indentStyle: "space", indentWidth: 2, lineWidth: 120 } }),
    );
    const result = run("biome", ["format", "--config-path", folder, "_generated"]);
    expect(result.stdout + result.stderr).toContain("No fixes applied");
    expect(result.status).toBe(0);
  });

  test("compiles under strict, with uses that must and must not compile", () => {
    const paths = {
      "pylon/client": [join(root, "runtime-core/client/index.ts")],
      "pylon/react": [join(root, "runtime-core/react/index.ts")],
    };
    writeFileSync(join(folder, "use.tsx"), readFileSync(join(import.meta.dirname, "use.sample.txt"), "utf8"));
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.json"),
        compilerOptions: { paths, typeRoots: [join(root, "node_modules/@types")] },
        include: ["."],
      }),
    );
    expect(run("tsc", ["-p", "tsconfig.json"]).stdout).toBe("");
  });
});
