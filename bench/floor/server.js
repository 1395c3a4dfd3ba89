/**
 * The floor: the least that node:http and better-sqlite3 need to give the same answers as the server of ../app. Rules, routes and SQL
 * are written by hand, nothing is validated, one commit a request with `synchronous=NORMAL`. It is not to be made slower than
 * it must be, and not to be made a framework: what it leaves out is what ours is measured against.
 *
 *   PYLON_PORT=4400 PYLON_DB_PATH=floor.db node bench/floor/server.js [NORMAL | FULL]
 */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Database } from "../driver.js";

const ADMIN = `Bearer ${process.env.PYLON_ADMIN_TOKEN}`;
const LIST_MAX = 10_000;

const db = new Database(process.env.PYLON_DB_PATH);
db.pragma("journal_mode = WAL");
db.pragma(`synchronous = ${process.argv[2] ?? "NORMAL"}`);
db.exec(`
CREATE TABLE IF NOT EXISTS Item (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, done INTEGER NOT NULL,
  rank INTEGER NOT NULL, price REAL NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS Note (id TEXT PRIMARY KEY NOT NULL, userId TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
  done INTEGER NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS Note_by_user ON Note (userId, id);
CREATE TABLE IF NOT EXISTS feed (seq INTEGER PRIMARY KEY, entity TEXT NOT NULL, row_id TEXT NOT NULL, kind TEXT NOT NULL, data TEXT);
`);

const begin = db.prepare("BEGIN IMMEDIATE");
const commit = db.prepare("COMMIT");
const itemGet = db.prepare("SELECT * FROM Item WHERE id = ?");
const itemList = db.prepare("SELECT * FROM Item ORDER BY id LIMIT ?");
const itemInsert = db.prepare("INSERT INTO Item VALUES (?, ?, ?, ?, ?, ?, ?)");
const itemUpdate = db.prepare(
  "UPDATE Item SET title = ?, body = ?, done = ?, rank = ?, price = ?, at = ? WHERE id = ?",
);
const itemDelete = db.prepare("DELETE FROM Item WHERE id = ?");
const noteList = db.prepare("SELECT * FROM Note WHERE userId = ? ORDER BY id LIMIT ?");
const noteInsert = db.prepare("INSERT INTO Note VALUES (?, ?, ?, ?, ?, ?)");
const feedInsert = db.prepare("INSERT INTO feed (entity, row_id, kind, data) VALUES (?, ?, ?, ?)");

/** Token → user id. */
const sessions = new Map();

let counter = 0;
const newId = () =>
  Date.now().toString(16).padStart(12, "0") + (counter++).toString(16).padStart(8, "0") + "0".repeat(20);

function shown(row) {
  row.done = row.done === 1;
  return row;
}

function rows(found, limit) {
  for (const row of found) shown(row);
  return JSON.stringify({ data: found, count: found.length, limit, offset: 0 });
}

function answer(response, status, body) {
  response.writeHead(status, ["Content-Type", "application/json", "Content-Length", Buffer.byteLength(body)]);
  response.end(body);
}

function withBody(request, act) {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (part) => {
    text += part;
  });
  request.on("end", () => act(JSON.parse(text)));
}

function readItems(request, response) {
  const { url } = request;
  if (url.length === ITEMS.length + 41) {
    const row = itemGet.get(url.slice(ITEMS.length + 1));
    if (row === undefined) answer(response, 404, '{"error":{"code":"NOT_FOUND","message":"No such row"}}');
    else answer(response, 200, JSON.stringify(shown(row)));
    return;
  }
  const limit = Number(url.slice(ITEMS.length + "?limit=".length));
  answer(response, 200, rows(itemList.all(limit), limit));
}

function insertItem(response, row) {
  const id = row.id ?? newId();
  begin.run();
  itemInsert.run(id, row.title, row.body, row.done ? 1 : 0, row.rank, row.price, row.at);
  feedInsert.run("Item", id, "insert", JSON.stringify({ ...row, id }));
  commit.run();
  answer(response, 201, `{"id":"${id}"}`);
}

function updateItem(response, id, patch) {
  begin.run();
  const row = Object.assign(shown(itemGet.get(id)), patch);
  itemUpdate.run(row.title, row.body, row.done ? 1 : 0, row.rank, row.price, row.at, id);
  feedInsert.run("Item", id, "update", JSON.stringify(row));
  commit.run();
  answer(response, 200, '{"updated":true}');
}

function removeItem(response, id) {
  begin.run();
  const row = shown(itemGet.get(id));
  itemDelete.run(id);
  feedInsert.run("Item", id, "delete", JSON.stringify(row));
  commit.run();
  answer(response, 200, '{"deleted":true}');
}

function insertNote(response, row) {
  const id = row.id ?? newId();
  begin.run();
  noteInsert.run(id, row.userId, row.title, row.body, row.done ? 1 : 0, row.at);
  feedInsert.run("Note", id, "insert", JSON.stringify({ ...row, id }));
  commit.run();
  answer(response, 201, `{"id":"${id}"}`);
}

function readNotes(request, response) {
  const userId = sessions.get(request.headers.authorization);
  if (userId === undefined) answer(response, 403, '{"error":{"code":"POLICY_DENIED","message":"Not allowed"}}');
  else answer(response, 200, rows(noteList.all(userId, LIST_MAX), null));
}

function newSession(request, response, { user_id }) {
  if (request.headers.authorization !== ADMIN) {
    answer(response, 403, '{"error":{"code":"FORBIDDEN","message":"Not allowed"}}');
    return;
  }
  const token = `pylon_${randomBytes(32).toString("hex")}`;
  sessions.set(`Bearer ${token}`, user_id);
  answer(response, 201, JSON.stringify({ token, user_id }));
}

const ITEMS = "/api/entities/Item";
const NOTES = "/api/entities/Note";

const server = createServer((request, response) => {
  const { method, url } = request;
  if (url.startsWith(ITEMS)) {
    const id = url.slice(ITEMS.length + 1);
    if (method === "GET") readItems(request, response);
    else if (method === "POST") withBody(request, (row) => insertItem(response, row));
    else if (method === "PATCH") withBody(request, (patch) => updateItem(response, id, patch));
    else removeItem(response, id);
  } else if (url.startsWith(NOTES)) {
    if (method === "GET") readNotes(request, response);
    else withBody(request, (row) => insertNote(response, row));
  } else if (url === "/api/auth/session") {
    withBody(request, (body) => newSession(request, response, body));
  } else {
    answer(response, 200, '{"status":"ok"}');
  }
});
server.listen(Number(process.env.PYLON_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
