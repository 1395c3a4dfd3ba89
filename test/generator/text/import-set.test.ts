import { expect, test } from "vitest";
import { ImportSet } from "../../../generator/text/import-set.ts";

test("names are merged, sorted and asked for once", () => {
  const imports = new ImportSet();
  expect(imports.add("pylon/contract", "reply")).toBe("reply");
  imports.addType("pylon/contract", "Call");
  imports.add("pylon/contract", "reply");
  imports.addType("./todo.ts", "TodoRow");
  expect(imports.toString()).toBe(
    'import type { TodoRow } from "./todo.ts";\nimport { type Call, reply } from "pylon/contract";\n',
  );
});

test("a name that is taken gets an alias, by the file or by another module", () => {
  const imports = new ImportSet(["list"]);
  expect(imports.add("a", "list")).toBe("list2");
  expect(imports.add("b", "list")).toBe("list3");
  expect(imports.add("b", "default", "todo")).toBe("todo");
  expect(imports.toString()).toBe(
    'import { list as list2 } from "a";\nimport { default as todo, list as list3 } from "b";\n',
  );
});

test("a type that is also used as a value is imported as a value", () => {
  const imports = new ImportSet();
  imports.addType("a", "PylonError");
  imports.add("a", "PylonError");
  imports.addType("a", "PylonError");
  expect(imports.toString()).toBe('import { PylonError } from "a";\n');
});

test("a long import is broken, one name a line", () => {
  const imports = new ImportSet();
  for (let n = 10; n < 20; n++) imports.add("a", `aRatherLongName${n}`);
  const lines = imports.toString().split("\n");
  expect(lines[0]).toBe("import {");
  expect(lines).toHaveLength(13);
});

test("nothing asked for prints nothing", () => expect(new ImportSet().toString()).toBe(""));
