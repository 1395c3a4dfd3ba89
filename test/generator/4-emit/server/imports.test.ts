import { expect, test } from "vitest";
import { CONTRACT_TYPES, CONTRACT_VALUES, importsFor } from "../../../../generator/4-emit/server/imports.ts";
import * as contract from "../../../../runtime-core/contract/index.ts";
import { readTree, root } from "../../../support/files.ts";

const printers = ["templates/server", "generator/4-emit/server", "generator/policy"]
  .flatMap((folder) => readTree(`${root}/${folder}`))
  .filter(({ path }) => !path.endsWith("imports.ts"))
  .map((file) => file.text)
  .join("\n");

test.each([...CONTRACT_VALUES])("%s is exported by the contract", (name) => expect(contract).toHaveProperty(name));

test.each([...CONTRACT_VALUES, ...CONTRACT_TYPES])("%s is printed somewhere", (name) => {
  expect(printers).toMatch(new RegExp(`\\b${name}\\b`));
});

test("what stands only in strings, comments or behind a dot is not imported", () => {
  const body = 'const a = "denied"; // notFound\n/** Auth */\nrow.open(kept);';
  expect(importsFor(body)).toBe('import { kept } from "pylon/contract";\n');
});
