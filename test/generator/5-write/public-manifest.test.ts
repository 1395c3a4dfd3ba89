import { expect, test } from "vitest";
import { resolve } from "../../../generator/2-resolve/index.ts";
import { publicManifest } from "../../../generator/5-write/public-manifest.ts";
import { loadedWith, rawEntity, rawField } from "../2-resolve/loaded.ts";

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
const text = JSON.stringify(publicManifest(ir.manifest));

test("anyone sees the shape of the app and no rule", () => {
  expect(JSON.stringify(ir.manifest)).toMatch(/canary.*auth\.userId != null.*CANARY_KEY/);
  expect(text).not.toMatch(/auth\.|canary|CANARY/);
  expect(JSON.parse(text)).toMatchObject({
    manifest_version: 1,
    entities: [{ name: "Todo", fields: [{ name: "title" }, { name: "pay" }] }],
    policies: [{ name: "all", entity: "Todo" }],
  });
});
