import Handlebars from "handlebars";
import { expect, test } from "vitest";
import { COMPILE_OPTIONS } from "../../../generator/text/compile-options.ts";
import { HELPERS } from "../../../generator/text/helpers.ts";
import { render } from "../../../generator/text/render.ts";
import type { Views } from "../../../generator/text/views.ts";

function print(text: string, view: unknown): string {
  const engine = Handlebars.create();
  engine.registerHelper({ ...HELPERS });
  return engine.compile(text, COMPILE_OPTIONS)(view);
}

test("a template is found by its path and rendered without escaping", () => {
  expect(render("partials/header", { from: "<app>.ts" })).toContain("// Made by pylon from <app>.ts.");
});

test("a name that the view lacks throws", () => {
  expect(() => render("partials/header", {} as Views["partials/header"])).toThrow("from");
});

for (const [template, view, want] of [
  ["{{lit s}}", { s: 'a"b' }, '"a\\"b"'],
  ["{{doc s}}", { s: "One line." }, "/** One line. */"],
  ["{{doc s}}", { s: "Ends */ early\n\nTwo" }, "/**\n * Ends *\\/ early\n *\n * Two\n */"],
] as const)
  test(`${template} of ${JSON.stringify(view.s)}`, () => expect(print(template, view)).toBe(want));

test("templates have few functions, so that decisions stay in views", () => {
  expect(Object.keys(HELPERS).length).toBeLessThan(10);
});
