import { expect, test } from "vitest";
import { fitLines } from "../../../generator/text/fit-lines.ts";

const long = "x".repeat(60);

test("what fits is not touched", () => {
  const code = "const a = f(b, { c: 1 });\n// a comment";
  expect(fitLines(code)).toBe(code);
});

test("a call breaks into one argument a line", () => {
  expect(fitLines(`  const sql = listSql("${long}", "${long}, (");`)).toBe(
    `  const sql = listSql(\n    "${long}",\n    "${long}, (",\n  );`,
  );
});

test("an object that ends a call keeps the call around it", () => {
  expect(fitLines(`  return record(app, unit, { entity: "${long}", prev: f(a, b), data: "${long}" });`)).toBe(
    `  return record(app, unit, {\n    entity: "${long}",\n    prev: f(a, b),\n    data: "${long}",\n  });`,
  );
});

test("a guard stands before its statement", () => {
  expect(fitLines(`  if (isForeign(auth, row.tenantId)) throw foreign("${long}", "${long}");`)).toBe(
    `  if (isForeign(auth, row.tenantId))\n    throw foreign(\n      "${long}",\n      "${long}",\n    );`,
  );
});

test("a constant stands after its =", () => {
  expect(fitLines(`const COLUMNS = "${long}${long}";`)).toBe(`const COLUMNS =\n  "${long}${long}";`);
});

test("a template literal is never broken inside", () => {
  expect(fitLines(`const OWN = reads(\`${long} (a, b) ${long}\`);`)).toBe(
    `const OWN = reads(\n  \`${long} (a, b) ${long}\`,\n);`,
  );
});

test("an interface stands before what it extends", () => {
  expect(fitLines(`interface NoteColumns extends Omit<NoteRow, "${long}" | "${long}"> {`)).toBe(
    `interface NoteColumns\n  extends Omit<NoteRow, "${long}" | "${long}"> {`,
  );
});
