import { expect, test } from "vitest";
import { resolve } from "../../../../generator/2-resolve/index.ts";
import { manifestTexts } from "../../../../generator/4-emit/docs/index.ts";
import { loadedWith, rawEntity, rawField } from "../../2-resolve/loaded.ts";

const { ir } = resolve(
  loadedWith({
    entities: [
      rawEntity(
        "Todo",
        {},
        {
          fields: [rawField("title", "string"), rawField("pay", "int", { readable: "auth.isAdmin" })],
          sync_scope: "data.title == 'canary'",
        },
      ),
    ],
    policies: [{ name: "all", entity: "Todo", allow: "auth.userId != null" }],
    requiredEnv: ["CANARY_KEY"],
  }),
);
const texts = manifestTexts(ir);

test("anyone sees the shape of the app and no rule", () => {
  expect(texts.public).not.toMatch(/auth\.|canary|CANARY/);
  expect(JSON.parse(texts.public)).toMatchObject({
    manifest_version: 1,
    entities: [{ name: "Todo", fields: [{ name: "title" }, { name: "pay" }] }],
    policies: [{ name: "all", entity: "Todo" }],
  });
});

test("an admin sees all of it", () => {
  expect(JSON.parse(texts.full)).toEqual(ir.manifest);
  expect(texts.full).toMatch(/canary.*auth\.userId != null.*CANARY_KEY/);
});
