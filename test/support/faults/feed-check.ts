import { readFileSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";

export interface FeedEvent {
  readonly seq: number;
  readonly entity: string;
  readonly row_id: string;
  readonly kind: "insert" | "update" | "delete";
  readonly data: string | null;
  readonly prev: string | null;
}

interface Entity {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: string; readonly encrypted?: boolean }[];
}

type Row = Readonly<Record<string, unknown>>;

/**
 * What is wrong with the database of a server, in words; an empty list when it is whole: the file is sound, the feed is numbered 1, 2, 3 …,
 * each event follows from those before it, and the feed folded from its start is equal to the tables. Reads beside a running server.
 */
export function problemsOf(dbPath: string, dist: string): string[] {
  const { entities } = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8")) as { entities: Entity[] };
  const db = new SQLite(dbPath);
  try {
    // One snapshot: a writer beside us must not get between the feed and the tables.
    return db.transaction(() => [...soundness(db), ...foldProblems(db, new Map(entities.map((e) => [e.name, e])))])();
  } finally {
    db.close();
  }
}

export function eventsOf(dbPath: string): readonly FeedEvent[] {
  const db = new SQLite(dbPath);
  try {
    return feedOf(db);
  } finally {
    db.close();
  }
}

const feedOf = (db: SQLite.Database): readonly FeedEvent[] =>
  db.prepare<[], FeedEvent>("SELECT seq, entity, row_id, kind, data, prev FROM _pylon_feed ORDER BY seq").all();

function soundness(db: SQLite.Database): string[] {
  const found = db.pragma("integrity_check", { simple: true });
  return found === "ok" ? [] : [`integrity_check: ${String(found)}`];
}

function foldProblems(db: SQLite.Database, entities: ReadonlyMap<string, Entity>): string[] {
  const problems: string[] = [];
  const rows = new Map<string, string>();
  let expected = 1;
  for (const { seq, entity, row_id: id, kind, data, prev } of feedOf(db)) {
    if (seq !== expected) problems.push(`hole: event ${seq} where ${expected} should be`);
    expected = seq + 1;
    const known = entities.get(entity);
    if (known === undefined) {
      problems.push(`event ${seq} is of ${entity}, which is no entity`);
      continue;
    }
    const key = `${entity}/${id}`;
    const before = rows.get(key);
    if ((kind === "insert") !== (before === undefined))
      problems.push(`event ${seq}: ${kind} of a row that ${before === undefined ? "is not there" : "is there"}`);
    if (kind !== "insert" && prev !== null && comparable(known, prev) !== before)
      problems.push(`event ${seq}: its row before is not the row of the event before`);
    if (data === null) rows.delete(key);
    else rows.set(key, comparable(known, data));
  }
  for (const entity of entities.values()) {
    for (const row of db.prepare<[], Row>(`SELECT * FROM "${entity.name}"`).all()) {
      const key = `${entity.name}/${String(row.id)}`;
      const folded = rows.get(key);
      rows.delete(key);
      if (folded === undefined) problems.push(`row ${key} is not in the feed`);
      else if (folded !== comparable(entity, JSON.stringify(wireRow(entity, row)), folded))
        problems.push(`row ${key} is not what the feed says: ${folded}`);
    }
  }
  for (const key of rows.keys()) problems.push(`row ${key} is in the feed and not in its table`);
  return problems;
}

/**
 * A row as text whose members are in one order. An encrypted value is another text each time that it is sealed, so only its absence
 * counts. With `like`, only the members that this text has: the feed leaves fields out that are never synced.
 */
function comparable(entity: Entity, text: string, like?: string): string {
  const row = JSON.parse(text) as Record<string, unknown>;
  const wanted = like === undefined ? row : (JSON.parse(like) as Record<string, unknown>);
  const sealed = new Set(entity.fields.filter((field) => field.encrypted === true).map((field) => field.name));
  const members = Object.keys(wanted)
    .sort()
    .map((key) => [key, sealed.has(key) ? row[key] !== null : row[key]]);
  return JSON.stringify(Object.fromEntries(members));
}

function wireRow(entity: Entity, row: Row): Row {
  const types = new Map(entity.fields.map((field) => [field.name, field.type]));
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, wireValue(types.get(name) ?? "id", value)]),
  );
}

function wireValue(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (type === "bool") return value === 1;
  if (type === "json") return JSON.parse(String(value));
  if (type === "datetime") return String(value).replace(".000Z", "Z");
  return value;
}
