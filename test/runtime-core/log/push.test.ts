import { afterEach, beforeEach, expect, test } from "vitest";
import { PylonError } from "../../../runtime-core/kernel/errors.ts";
import { push } from "../../../runtime-core/log/push.ts";
import type { PushAnswer } from "../../../runtime-core/protocol/push.ts";
import { ana, bob, openWorld, type World } from "./world.ts";

let world: World;
let reported: unknown[];
beforeEach(async () => {
  world = await openWorld({ pushChangesMax: 300 });
  reported = [];
});
afterEach(() => world.close());

const parts = () => ({ ...world, report: (error: unknown) => void reported.push(error) });
const send = async (body: unknown, auth = ana) =>
  JSON.parse(await push(parts(), auth, typeof body === "string" ? body : JSON.stringify(body))) as PushAnswer;
const insert = (title: string, more: object = {}) => ({
  entity: "Todo",
  row_id: "_pending_1",
  kind: "insert",
  data: { title },
  ...more,
});

test("applies in order, maps temporary ids inside the batch, and tells each result", async () => {
  const answer = await send({
    client_id: "c1",
    changes: [
      insert("p", { op_id: "m1" }),
      { entity: "Todo", row_id: "_pending_1", kind: "update", data: { title: "q" } },
      { entity: "Todo", row_id: "nowhere", kind: "update", data: { title: "q" } },
      insert("x", { entity: "Nope", row_id: "_pending_2" }),
      insert("bug"),
      { entity: "Todo", row_id: "_pending_1", kind: "delete" },
    ],
  });
  expect(answer).toMatchObject({ applied: 3, deduped: 0, cursor: { last_seq: 3 } });
  const [first, second] = answer.results;
  expect(first).toEqual({
    entity: "Todo",
    kind: "insert",
    op_id: "m1",
    row_id: expect.stringMatching(/^[0-9a-f]{40}$/),
    seq: 1,
    status: "applied",
  });
  expect(second).toMatchObject({ row_id: first?.row_id, seq: 2, op_id: null });
  expect(answer.errors).toEqual([
    "update Todo/nowhere: Row not found",
    "insert Nope/_pending_2: No such entity",
    "insert Todo/_pending_1: Internal error",
  ]);
  expect(answer.results[2]?.error).toEqual({ code: "NOT_FOUND", message: "Row not found" });
  expect(reported).toHaveLength(1);
});

test("a repeated operation is done once and gives the real row id, also after a restart", async () => {
  const body = { client_id: "c1", changes: [insert("once", { op_id: "m1" })] };
  const first = await send(body);
  await world.db.close();
  world = await openWorld({}, world.file);
  const again = await send(body);
  expect(again).toMatchObject({ applied: 0, deduped: 1 });
  expect(again.results[0]).toMatchObject({ status: "replayed", row_id: first.results[0]?.row_id, seq: 1 });
  expect(world.feed.head()).toBe(1);
});

test("another body under the same id is refused; another caller's id is another id; a failure is not remembered", async () => {
  await send({ changes: [insert("a", { op_id: "m1" })] });
  const reused = await send({ changes: [insert("b", { op_id: "m1" })] });
  expect(reused.results[0]?.error?.code).toBe("OP_ID_REUSED");
  expect((await send({ changes: [insert("b", { op_id: "m1" })] }, bob)).applied).toBe(1);
  expect((await send({ changes: [insert("bug", { op_id: "m2" })] })).applied).toBe(0);
  expect((await send({ changes: [insert("fine", { op_id: "m2" })] })).applied).toBe(1);
});

test("equal operations that arrive at once are done once", async () => {
  const body = { changes: [insert("once", { op_id: "m1" })] };
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(body)));
  expect(answers.filter(({ applied }) => applied === 1)).toHaveLength(1);
  expect(new Set(answers.map(({ results }) => results[0]?.row_id)).size).toBe(1);
});

test("a long push goes through in order", async () => {
  const answer = await send({ changes: Array.from({ length: 300 }, (_, n) => insert(`t${n}`)) });
  expect(answer.results.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
});

test("a wrong shape is refused as a whole", async () => {
  const change = insert("t");
  const bad = [
    "",
    "{",
    "[]",
    "null",
    "{}",
    { changes: {} },
    { changes: [null] },
    { changes: [{ ...change, kind: "upsert" }] },
    { changes: [{ ...change, entity: 1 }] },
    { changes: [{ ...change, row_id: undefined }] },
    { changes: [{ ...change, row_id: "\0" }] },
    { changes: [{ ...change, data: [] }] },
    { changes: [{ ...change, op_id: 5 }] },
    { changes: [change], client_id: {} },
    `{"changes":[{"entity":"Todo","row_id":"x","kind":"insert","data":{"__proto__":{"title":"x"}}}]}`,
    `{"changes":${"[".repeat(20_000)}`,
  ];
  for (const body of bad) {
    const error: unknown = await send(body).catch((thrown: unknown) => thrown);
    expect([body, error instanceof PylonError && error.code]).toEqual([body, "INVALID_JSON"]);
  }
  await expect(send({ changes: Array.from({ length: 301 }, () => change) })).rejects.toMatchObject({ status: 413 });
  expect(world.feed.head()).toBe(0);
});
