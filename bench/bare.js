/** One fsynced bare statement: what a durable write costs before any server. Takes `{ ms }` as a message, answers `{ figures: { p50Us } }`. */
import { join } from "node:path";
import { Database } from "./driver.js";
import { median } from "./median.js";

const db = new Database(join(process.argv[2] ?? ".", "bare.db"));
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(
  "CREATE TABLE Item (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, done INTEGER NOT NULL)",
);
const insert = db.prepare("INSERT INTO Item VALUES (?, ?, ?, ?)");

let i = 0;

process.on("message", ({ ms }) => {
  const times = [];
  const deadline = performance.now() + ms;
  for (let now = performance.now(); now < deadline; ) {
    const id = (i++).toString(16).padStart(40, "0");
    insert.run(id, `Item number ${i}`, `The quick brown fox jumps over the lazy dog and counts ${i} times.`, 0);
    const after = performance.now();
    times.push((after - now) * 1_000);
    now = after;
  }
  process.send?.({ figures: { p50Us: median(times) } });
});
