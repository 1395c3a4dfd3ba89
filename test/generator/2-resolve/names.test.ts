import { expect, test } from "vitest";
import { cookieNameOf, fileBase } from "../../../generator/2-resolve/names.ts";

for (const [entity, file] of [
  ["Todo", "todo"],
  ["OrderLine", "orderLine"],
  ["URL", "url"],
  ["URLMap", "urlMap"],
  ["todo_list", "todo_list"],
  ["A_b", "a_b"],
  ["App", "appEntity"],
  ["Routes", "routesEntity"],
  ["Class", "classEntity"],
] as const)
  test(`${entity} is in ${file}.ts`, () => expect(fileBase(entity)).toBe(file));

test("the cookie is named after the app, in characters that a cookie may have", () => {
  expect(cookieNameOf("todo")).toBe("todo_session");
  expect(cookieNameOf("__Host-todo")).toBe("_Host-todo_session");
  expect(cookieNameOf("__todo")).toBe("__todo_session");
  expect(cookieNameOf("my app; é")).toBe("my_app____session");
});
