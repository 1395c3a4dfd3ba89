import { expect, test } from "vitest";
import { newRow, patched } from "../../../../generator/4-emit/server/row-functions.ts";
import { entity, field, text } from "../client/sample-ir.ts";

// A body has `constructor` by inheritance, so a plain access would refuse every write.
test("a read-only field with a name that objects inherit is refused where it was sent, and only there", () => {
  const tool = entity("Tool", [field("constructor", text, { readonly: true, optional: true })]);
  expect(newRow(tool)).toContain('if (own(body, "constructor") !== undefined) throw readonlyField("constructor");');
  expect(patched(tool)).toContain('if (own(patch, "constructor") !== undefined) throw readonlyField("constructor");');
});
