import { type Random, toHex } from "../kernel/random.ts";
import type { Database } from "../storage/ports.ts";
import { numbered } from "./numbered.ts";

/**
 * Random text that is made with the feed and kept beside it. A cursor that carries it is refused by any other database, also one
 * that has as many events.
 */
export async function readEpoch(db: Database, random: Random): Promise<string> {
  const select = "SELECT value FROM _pylon_meta WHERE key = 'feed-epoch'";
  const stored = await db.read.text(select, []);
  if (stored !== null) return stored;
  const made = toHex(random.bytes(8));
  const insert = numbered(db.dialect, "INSERT INTO _pylon_meta (key, value) VALUES ('feed-epoch', ?)");
  await db.write((unit) => unit.run(insert, [made]), { label: "name the feed" });
  return made;
}
