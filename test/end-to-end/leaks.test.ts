import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ADMIN_TOKEN, api } from "../support/client.ts";
import { newCanary } from "../support/leaks/canaries.ts";
import { HOLES, type Hole, withHoles } from "../support/leaks/holes.ts";
import { leakMatrix } from "../support/leaks/matrix.ts";
import { leaksApp } from "../support/leaks/shapes.ts";
import { must } from "../support/leaks/viewers.ts";
import { buildApp, startServer, temporaryFolder } from "../support/server.ts";

const APP = { "app.ts": leaksApp() };

/** An app whose entity has a secret, which is everybody's in one version and nobody's in the next. */
const withSecret = (secret: string) => ({
  "app.ts": `import { app, entity, field, policy } from "pylon";
export default app({
  name: "secrets",
  entities: [entity("Note", { title: field.string(), secret: ${secret} })],
  policies: [policy({ name: "notes", entity: "Note", allowRead: "true" })],
});
`,
});

/** What an old cursor gets of the secret after the second version was started on the data of the first. */
async function toldAfterwards(holes: readonly Hole[]): Promise<{ readonly status: number; readonly isTold: boolean }> {
  const PYLON_DB_PATH = join(temporaryFolder(), "app.db");
  const secret = newCanary();
  const start = async (field: string) =>
    startServer(await withHoles(await buildApp(withSecret(field)), holes), { PYLON_DB_PATH });
  const first = await start("field.string()");
  const admin = api(first.url, ADMIN_TOKEN);
  await must(admin.post("/api/entities/Note", { title: "first", secret: "-" }), 201);
  await must(admin.post("/api/entities/Note", { title: "second", secret }), 201);
  expect((await api(first.url).get("/api/sync/pull?since=1")).text).toContain(secret);
  await first.stop();

  const second = api((await start("field.string().serverOnly()")).url);
  const snapshot = await second.get("/api/sync/pull?since=0");
  expect([snapshot.text.includes("second"), snapshot.text.includes(secret)]).toEqual([true, false]);
  const { status, text } = await second.get("/api/sync/pull?since=1");
  return { status, isTold: text.includes(secret) };
}

describe("a column that is no longer sent", () => {
  test(
    "is not told from the feed of before",
    async () => expect(await toldAfterwards([])).toEqual({ status: 410, isTold: false }),
    60_000,
  );

  test("the control: it is, where the feed takes all schemas for one", async () => {
    const [what, shape, path, module] = ["the schema of feed rows", "Note", "", "schema"];
    const hole = { what, shape, path, module, from: /schemaId: ".*"/, to: 'schemaId: "one"' };
    expect(await toldAfterwards([hole])).toEqual({ status: 200, isTold: true });
  }, 60_000);
});

describe("leak matrix: rule × path × caller", () => {
  test("nobody gets a row or a value that no rule lets him have, and everyone gets the rest", async () => {
    const { leaks, faults, cells } = await leakMatrix(await buildApp(APP));
    expect({ leaks, faults }).toEqual({ leaks: [], faults: [] });
    expect(cells).toBeGreaterThan(2_500);
  }, 120_000);

  test("every hole that is cut into the generated server is found", async () => {
    const shapes = HOLES.map(({ shape }) => shape);
    const { leaks, faults } = await leakMatrix(await withHoles(await buildApp(APP), HOLES), {
      shapes: [...shapes, "TeamDoc", "SignedIn"],
      roles: ["admin", "anonymous", "owner", "stranger", "member"],
    });
    const found = [...leaks, ...faults];
    const missed = HOLES.filter(
      ({ shape, path }) => !found.some((line) => line.startsWith(`${shape}${path && " × "}${path}`)),
    );
    expect(missed.map(({ what }) => what)).toEqual([]);
    // And nothing is said of what was left whole.
    expect(found.filter((line) => /^(SignedIn|Everyone) /.test(line))).toEqual([]);
  }, 120_000);
});
