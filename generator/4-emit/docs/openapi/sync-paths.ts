import type { AppIr } from "../../../ir/app.ts";
import { answer, body, type Json, objectOf, refusals } from "./json.ts";

const text: Json = { type: "string" };
const seq: Json = { type: "integer", minimum: 0 };
const KIND: Json = { enum: ["insert", "update", "delete"] };
const CURSOR = objectOf({ last_seq: seq });

const query = (name: string, description: string, schema: Json): Json => ({ name, in: "query", description, schema });
const tagged = (tag: string, operationId: string, summary: string, more: Json): Json => ({
  operationId,
  tags: [tag],
  summary,
  ...more,
});

/** `/health`, the feed (H-SYNC-PULL, H-SYNC-PUSH) and the stream of it. */
export const sharedPaths = (ir: AppIr): Json => ({
  "/health": {
    get: tagged("server", "health", "Whether the server answers", {
      security: [],
      responses: {
        200: answer("It does.", objectOf({ status: { const: "ok" }, version: text, uptime_secs: seq })),
        ...refusals(),
      },
    }),
  },
  "/api/sync/pull": { get: pull(synced(ir)) },
  "/api/sync/push": { post: push(ir) },
  "/events": { get: events() },
});

const synced = (ir: AppIr): readonly string[] =>
  ir.entities.filter((entity) => entity.sync.kind !== "none").map((entity) => entity.name);

/** Names of entities; an enum of none would match nothing and is no valid schema. */
const entityName = (names: readonly string[]): Json => (names.length === 0 ? text : { enum: names });

const changeOf = (names: readonly string[]): Json => ({
  type: "object",
  required: ["seq", "entity", "row_id", "kind", "timestamp"],
  properties: {
    seq,
    entity: entityName(names),
    row_id: text,
    kind: KIND,
    data: {
      type: "object",
      description: "The whole row; `{id}` where it left the caller's sight; absent on a delete.",
    },
    timestamp: { type: "string", description: "`<unix seconds>Z`; empty in a snapshot." },
  },
});

const pull = (names: readonly string[]): Json =>
  tagged("sync", "syncPull", "Changes since a cursor; from 0 a snapshot", {
    parameters: [
      query("since", "`cursor.last_seq` of the answer before.", { ...seq, default: 0 }),
      query("limit", "Changes at most.", seq),
      query("snapshot", "The caller can page a snapshot.", { const: "1" }),
      query("snapshot_after", "`snapshot_after` of the page before, as it is.", text),
      query("epoch", "`cursor.epoch` of the answer before: another one means that the database was replaced.", text),
    ],
    responses: {
      200: answer("The changes that the caller may see.", {
        ...objectOf({
          changes: { type: "array", items: changeOf(names) },
          cursor: CURSOR,
          has_more: { type: "boolean" },
        }),
      }),
      ...refusals(400, 410),
    },
  });

const push = (ir: AppIr): Json =>
  tagged("sync", "syncPush", "Writes, one by one, each under its rule", {
    requestBody: body({
      type: "object",
      required: ["changes"],
      properties: {
        client_id: text,
        changes: {
          type: "array",
          items: {
            type: "object",
            required: ["entity", "row_id", "kind"],
            properties: {
              entity: entityName(ir.entities.map((entity) => entity.name)),
              row_id: text,
              kind: KIND,
              data: { type: ["object", "null"] },
              op_id: { type: "string", description: "A repeated one gives the stored result." },
            },
          },
        },
      },
    }),
    responses: {
      200: answer("What became of each, also when all failed.", PUSHED),
      ...refusals(400),
    },
  });

const PUSHED = objectOf({
  applied: seq,
  deduped: seq,
  errors: { type: "array", items: text },
  cursor: CURSOR,
  results: {
    type: "array",
    items: {
      type: "object",
      required: ["entity", "kind", "op_id", "row_id", "status"],
      properties: {
        entity: text,
        kind: KIND,
        op_id: { type: ["string", "null"] },
        row_id: text,
        status: { enum: ["applied", "replayed", "error"] },
        seq,
        error: objectOf({ code: text, message: text }),
      },
    },
  },
});

const events = (): Json =>
  tagged("sync", "events", "Changes as they happen, as server-sent events", {
    parameters: [
      query("since", "Begin after this number.", seq),
      { name: "Last-Event-ID", in: "header", description: "The same, as browsers send it.", schema: seq },
    ],
    responses: {
      200: { description: "The stream.", content: { "text/event-stream": { schema: text } } },
      ...refusals(401),
    },
  });
