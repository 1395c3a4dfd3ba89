import { expect, test } from "vitest";
import type { RawManifest } from "../../../../../generator/1-load/raw-manifest.ts";
import { resolve } from "../../../../../generator/2-resolve/index.ts";
import { emitDocs } from "../../../../../generator/4-emit/docs/index.ts";
import type { AppIr } from "../../../../../generator/ir/app.ts";
import { loadedWith, rawEntity, rawField } from "../../../2-resolve/loaded.ts";

const MANIFEST: Partial<RawManifest> = {
  entities: [
    rawEntity("User", { email: "string", passwordHash: "string?" }),
    rawEntity(
      "Todo",
      { userId: "id(User)", title: "string" },
      { sync_scope: "data.title != ''", sync_limit: 20, relations: [] },
    ),
    rawEntity("Project", { tenantId: "string", name: "string" }),
    rawEntity("Log", {}, { sync: false, fields: [rawField("pay", "int", { readable: "auth.hasRole('payroll')" })] }),
  ],
  policies: [
    { name: "short", entity: "Todo", allowRead: "data.title != 'a|b'" },
    { name: "own", entity: "Todo", allow: "auth.userId == data.userId" },
    { name: "tenant", entity: "Project", allow: "auth.tenantId == data.tenantId || auth.hasRole('boss')" },
    { name: "readLog", entity: "Log", allowRead: "true" },
  ],
};

const irOf = (manifest: Partial<RawManifest>): AppIr => resolve(loadedWith(manifest)).ir;
const pageOf = (ir: AppIr): string => emitDocs(ir).find(({ path }) => path.endsWith("access.md"))?.text ?? "";
const page = pageOf(irOf(MANIFEST));

test.each([
  ["the table of all, in words", "| [Project](#project) | members of the tenant or role boss |"],
  ["what no rule covers, first", "> **No rule covers** `Log.insert`, `Log.update`, `Log.delete`, `User.read`,"],
  ["what no rule covers, in the table", "| anyone | **nobody: no rule** | **nobody: no rule** |"],
  ["classes of callers", "|  | anonymous | guest | signed-in user | role boss | admin |"],
  ["what each may do", "| update | no | no | rows where `tenantId == auth.tenantId` | yes | yes |"],
  ["a condition once in a line", "| insert | no | rows where `userId == auth.userId` | same rows | yes |"],
  [
    "operations under one rule together",
    "- **insert, update, delete**: owner, by `auth.userId == data.userId` (policy own)",
  ],
  ["a field's own rule", "| read `pay` | no | no | no | yes | yes |"],
  ["hidden fields", "- `passwordHash` is hidden: never sent to anyone, admins included, and refused in writes."],
  ["the tenant", "- `tenantId` is the tenant:"],
  ["the sync scope", "- Sync sends only the rows of its line here that may also be read."],
  ["the sync limit", "- A first sync sends at most 20 rows."],
  ["what is not synced", "- Not synced: clients get rows only by asking for them."],
  [
    "what sign-in does beside the rules",
    "- Registration makes the row of a new account, whatever the insert rule says.",
  ],
])("the page tells %s", (_, text) => expect(page).toContain(text));

test("a bar in a rule begins no column", () => {
  const widths = page.split("\n").filter((line) => line.startsWith("| read |"));
  const columns = widths.map((line) => line.replaceAll("\\|", "").split("|").length - 2);
  expect(columns).toEqual([6, 6, 5, 5]);
});

test("under 0.3 what no rule covers is open", () => {
  const open = pageOf({ ...irOf(MANIFEST), compat: "0.3" });
  expect(open).toContain("open to anyone (compatibility mode 0.3)");
  expect(open).toContain("| insert | yes | yes | yes | yes | yes |");
});

test("reordering declarations leaves the page as it is", () => {
  const { entities = [], policies = [] } = MANIFEST;
  const fieldsTurned = entities.map((entity) => ({ ...entity, fields: entity.fields.toReversed() }));
  expect(pageOf(irOf({ entities: fieldsTurned.toReversed(), policies: policies.toReversed() }))).toBe(page);
});

test("another rule does not (negative control)", () => {
  const policies = (MANIFEST.policies ?? []).map((policy) =>
    policy.name === "own" ? { ...policy, allow: "true" } : policy,
  );
  expect(pageOf(irOf({ ...MANIFEST, policies }))).not.toBe(page);
});
