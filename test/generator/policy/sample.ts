import fc from "fast-check";
import type { Expr } from "../../../generator/policy/expr.ts";
import { parsePolicy } from "../../../generator/policy/parse.ts";
import type { PolicyEntity, PolicyField, PolicyScope } from "../../../generator/policy/schema.ts";

/** A schema with a field of every type, nullable and not, and random rows and rules over it. */
const field = (name: string, type: PolicyField["type"], optional = false): PolicyField => ({ name, type, optional });
const text = { kind: "string", values: null } as const;

export const NOTE: PolicyEntity = {
  name: "Note",
  fields: [
    field("userId", text),
    field("ownerId", { kind: "id", target: "User" }, true),
    field("tenantId", text, true),
    field("title", text),
    field("status", { kind: "string", values: ["draft", "live"] }, true),
    field("n", { kind: "int" }),
    field("m", { kind: "int" }, true),
    field("f", { kind: "float" }, true),
    field("done", { kind: "bool" }),
    field("pub", { kind: "bool" }, true),
    field("at", { kind: "datetime" }),
    field("due", { kind: "datetime" }, true),
    field("meta", { kind: "json" }, true),
  ],
};
export const MEMBER: PolicyEntity = {
  name: "Member",
  fields: [
    field("userId", text),
    field("tag", text, true),
    field("level", { kind: "int" }),
    field("ok", { kind: "bool" }, true),
  ],
};
export const SCHEMA = new Map([NOTE, MEMBER].map((entity) => [entity.name, entity]));
export const SCOPE: PolicyScope = { schema: SCHEMA, entity: NOTE };

export const NOW = "2026-01-02T03:04:05.000Z";

export const texts = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("u1", "u2", "", "1", "05", "1e3", " 5 ", "inf", "-inf", "nan", "a", "B") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("'; DROP TABLE x; --", 'q"q', "it's", "100%", "_", "\\", "a?b", "true", "null", "draft"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "é",
      "😀",
      "\u{ff5e}",
      "\u{fffd}x",
      "𐀀",
      "a\nb",
      "\u{85}5\u{a0}",
      "\u{feff}5",
      "0x10",
      "1e400",
      "5.",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00", NOW, "2026-13-01T00:00:00Z"),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "binary", maxLength: 4 }).filter((value) => !/\0|\p{Surrogate}/u.test(value)),
  },
);
const ints = fc.constantFrom(0, 1, 5, -3, 10, 1000, 2 ** 53 - 1);
const floats = fc.constantFrom(0, -0, 0.1, 0.30000000000000004, 1.5, 5, 1e300, -2.5);
const instants = fc.constantFrom(
  NOW,
  "2026-01-01T00:00:00.000Z",
  "2025-12-03T03:04:05.000Z",
  "2030-06-01T12:00:00.500Z",
);
const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 3 });
const json = fc.constantFrom<unknown>(
  { a: "u1", b: { c: 5 } },
  { a: 5, b: { c: "5" } },
  { a: true },
  { a: null, b: [1] },
  { a: "", b: { c: 0.1 } },
  { a: "2026-01-02T04:04:05+01:00", b: { c: false } },
  "u1",
  5,
  [1],
);

export const rows = fc.record({
  userId: texts,
  ownerId: optional(texts),
  tenantId: optional(texts),
  title: texts,
  status: optional(fc.constantFrom("draft", "live")),
  n: ints,
  m: optional(ints),
  f: optional(floats),
  done: fc.boolean(),
  pub: optional(fc.boolean()),
  at: instants,
  due: optional(instants),
  meta: optional(json),
});
export type Row = typeof rows extends fc.Arbitrary<infer T> ? T & { id: string } : never;

export const members = fc.record({ userId: texts, tag: optional(texts), level: ints, ok: optional(fc.boolean()) });

export const auths = fc.record({
  userId: optional(texts.filter((value) => value !== "")),
  tenantId: optional(texts.filter((value) => value !== "")),
  isAdmin: fc.constant(false),
  isGuest: fc.boolean(),
  roles: fc.subarray(["editor", "it's"]),
  sessionId: fc.constant(null),
});

const quoted = (values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  values.map(
    (value) => `"${value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}"`,
  );

const values = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NOTE.fields.map(({ name }) => `data.${name}`)) },
  { weight: 2, arbitrary: fc.constantFrom("data.meta.a", "data.meta.b.c", "data.id") },
  { weight: 4, arbitrary: fc.constantFrom("auth.userId", "auth.tenantId") },
  { weight: 3, arbitrary: quoted(texts) },
  { weight: 2, arbitrary: fc.oneof(ints, fc.constantFrom(0.1, 1.5, -2.5)).map(String) },
  { weight: 2, arbitrary: fc.constantFrom("null", "true", "false") },
  { weight: 2, arbitrary: fc.constantFrom("now", 'ago("30d")', 'ago("1d3h4m5s")') },
);
const ops = fc.constantFrom("==", "==", "==", "!=", "!=", "<", "<=", ">", ">=");
const conditions = fc.constantFrom(
  "auth.isGuest",
  "auth.isAdmin",
  'auth.hasRole("editor")',
  'auth.hasAnyRole("it\'s", "x")',
);
const lookUps = fc
  .uniqueArray(fc.tuple(fc.constantFrom("userId", "tag", "level", "ok", "id"), values), {
    minLength: 1,
    maxLength: 3,
    selector: ([name]) => name,
  })
  .map((clauses) => `exists(Member where ${clauses.map(([name, value]) => `${name} == ${value}`).join(" and ")})`);

/** Rules of the whole grammar. Mixed types are left in: they are what compatibility mode lets through. */
export const sources = fc.letrec<{ rule: string; part: string }>((tie) => ({
  part: fc.oneof(
    { weight: 6, arbitrary: fc.tuple(values, ops, values).map((parts) => parts.join(" ")) },
    { weight: 1, arbitrary: values },
    { weight: 1, arbitrary: conditions },
    { weight: 1, arbitrary: lookUps },
  ),
  rule: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    tie("part"),
    fc.tuple(tie("rule"), fc.constantFrom(" && ", " || "), tie("rule")).map(([a, op, b]) => `(${a})${op}(${b})`),
    tie("rule").map((rule) => `!(${rule})`),
    fc.tuple(tie("rule"), fc.constantFrom("==", "!="), values).map(([rule, op, value]) => `(${rule}) ${op} ${value}`),
  ),
})).rule;

export function exprOf(source: string): Expr {
  const parsed = parsePolicy(source);
  if (!parsed.ok) throw new Error(`${source}: ${parsed.problem.message}`);
  return parsed.expr;
}
