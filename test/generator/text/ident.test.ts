import { expect, test } from "vitest";
import { ident, isIdentifier, propertyAccess, propertyKey } from "../../../generator/text/ident.ts";

for (const [given, want] of [
  ["todo", "todo"],
  ["my-app", "my_app"],
  ["2fa", "_2fa"],
  ["", "_"],
  ["class", "class_"],
  ["await", "await_"],
  ["naïve", "na_ve"],
] as const) {
  test(`${JSON.stringify(given)} is named ${want}`, () => {
    expect(ident(given)).toBe(want);
    expect(isIdentifier(ident(given))).toBe(true);
    // A name that was fine stays as it is.
    expect(isIdentifier(given)).toBe(given === want);
  });
}

for (const [name, key, access] of [
  ["title", "title", "row.title"],
  ["class", "class", "row.class"],
  ["odd name", '"odd name"', 'row["odd name"]'],
  ["__proto__", '["__proto__"]', "row.__proto__"],
] as const)
  test(`key and access of ${name}`, () => {
    expect(propertyKey(name)).toBe(key);
    expect(propertyAccess("row", name)).toBe(access);
  });
