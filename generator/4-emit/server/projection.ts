import type { EntityIr, FieldIr } from "../../ir/app.ts";
import { rowFields } from "./rules.ts";

/** SQLite's `json_object` takes 127 arguments at most, so wider entities are printed by JavaScript. */
const JSON_OBJECT_FIELDS_MAX = 60;

/** Which fields of an entity go where. Computed once, so that no template asks about two fields at a time. */
export interface Projection {
  /** Sent by the routes of the entity. */
  readonly shown: readonly FieldIr[];
  /** Kept in the feed: what clients get and what read rules name. */
  readonly fed: readonly FieldIr[];
  /** Sent by pull, socket and stream. */
  readonly synced: readonly FieldIr[];
  /** Answers are text made by the database (D22); otherwise rows are printed one by one, for the caller's eyes. */
  readonly isText: boolean;
  /** The feed row is what clients get, so it is passed on as it is. */
  readonly feedIsWire: boolean;
}

export function projection(entity: EntityIr): Projection {
  const shown = entity.fields.filter((field) => !field.serverOnly && !field.hidden);
  const synced = shown.filter((field) => !field.syncOmit);
  const named = namedInReadRules(entity);
  const fed = entity.fields.filter((field) => synced.includes(field) || named.has(field.name));
  const isText =
    shown.every((field) => field.readable === null && !field.encrypted) && shown.length <= JSON_OBJECT_FIELDS_MAX;
  const feedIsWire = isText && fed.length === synced.length;
  return { shown, fed, synced, isText, feedIsWire };
}

function namedInReadRules(entity: EntityIr): ReadonlySet<string> {
  const rules = [
    entity.rules.read,
    ...entity.fields.map((field) => field.readable),
    entity.sync.kind === "scope" ? entity.sync.rule : null,
  ];
  return new Set(rules.flatMap((rule) => (rule === null ? [] : [...rowFields(rule.expr)])));
}
