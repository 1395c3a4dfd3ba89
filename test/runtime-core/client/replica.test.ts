import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Optimistic } from "../../../runtime-core/client/optimistic.ts";
import { Replica } from "../../../runtime-core/client/replica.ts";
import type { WireChange } from "../../../runtime-core/protocol/wire.ts";

const timestamp = "";
const make = () => new Replica(new Optimistic());
const stateOf = (replica: Replica) => [...replica.rows("T")].sort((a, b) => (a.id < b.id ? -1 : 1));

/** A feed of whole-row events over three rows, numbered from 1. */
const feeds = fc
  .array(
    fc.record({
      id: fc.constantFrom("a", "b", "c"),
      kind: fc.constantFrom("insert", "update", "delete"),
      n: fc.nat(9),
    }),
  )
  .map((writes): WireChange[] =>
    writes.map(({ id, kind, n }, i) => ({
      timestamp: "",
      seq: i + 1,
      entity: "T",
      row_id: id,
      kind: kind as WireChange["kind"],
      ...(kind === "delete" ? {} : { data: { id, n } }),
    })),
  );

/** The same events in any order, some of them twice. */
const shuffled = feeds.chain((events) =>
  fc
    .tuple(fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events))
    .map(([all, again]) => ({ events, arrivals: [...all, ...again] })),
);

/** What the rows are when the events come in order: the last one of each row counts. */
function expected(events: readonly WireChange[]) {
  const rows = new Map<string, object>();
  for (const event of events) {
    if (event.kind === "delete") rows.delete(event.row_id);
    else rows.set(event.row_id, { ...event.data });
  }
  return [...rows.keys()].sort().map((id) => rows.get(id));
}

describe("events in any order, more than once", () => {
  test("give the same rows, and the cursor stands at the end", () => {
    fc.assert(
      fc.property(shuffled, ({ events, arrivals }) => {
        const replica = make();
        for (const event of arrivals) replica.live(event);
        expect(stateOf(replica)).toEqual(expected(events));
        expect(replica.cursor.seq).toBe(events.length);
      }),
    );
  });

  test("negative control: taken as they come, they do not", () => {
    const naive = fc.property(shuffled, ({ events, arrivals }) => {
      expect(expected(arrivals)).toEqual(expected(events));
    });
    expect(fc.check(naive, { numRuns: 500 }).failed).toBe(true);
  });
});

describe("cursor", () => {
  const event = (seq: number): WireChange => ({
    timestamp: "",
    seq,
    entity: "T",
    row_id: `r${seq}`,
    kind: "insert",
    data: {},
  });

  test("waits at a gap, though the rows behind it are shown", () => {
    const replica = make();
    for (const seq of [1, 2, 5, 4]) replica.live(event(seq));
    expect(replica.cursor.seq).toBe(2);
    expect(stateOf(replica)).toHaveLength(4);
    replica.live(event(3));
    expect(replica.cursor.seq).toBe(5);
  });

  test("a pull moves it over numbers that this caller may not see", () => {
    const replica = make();
    replica.live(event(4));
    replica.pulled(3);
    expect(replica.cursor.seq).toBe(4);
  });
});

describe("pending writes", () => {
  const data = { id: "a", n: 1 };

  test("lie over the server's row until its event is there, whichever of answer and event comes first", () => {
    for (const answerFirst of [true, false]) {
      const optimistic = new Optimistic();
      const replica = new Replica(optimistic);
      replica.live({ timestamp, seq: 1, entity: "T", row_id: "a", kind: "insert", data });
      const change = { entity: "T", rowId: "a", kind: "update", data: { n: 2 }, seq: null as number | null } as const;
      const pending = { ...change };
      optimistic.add(pending);
      replica.refresh("T", "a");
      expect(replica.row("T", "a")).toEqual({ id: "a", n: 2 });
      const answer = () => {
        pending.seq = 2;
        replica.refresh("T", "a");
      };
      const event = () =>
        replica.live({
          timestamp,
          seq: 2,
          entity: "T",
          row_id: "a",
          kind: "update",
          data: { id: "a", n: 2, by: "server" },
        });
      for (const step of answerFirst ? [answer, event] : [event, answer]) {
        step();
        expect(replica.row("T", "a")).toMatchObject({ id: "a", n: 2 });
      }
      expect(replica.row("T", "a")).toEqual({ id: "a", n: 2, by: "server" });
      expect(optimistic.all()).toEqual([]);
    }
  });

  test("rows that did not change keep their object", () => {
    const replica = make();
    replica.live({ timestamp, seq: 1, entity: "T", row_id: "a", kind: "insert", data });
    const before = replica.row("T", "a");
    replica.live({ timestamp, seq: 2, entity: "T", row_id: "b", kind: "insert", data: {} });
    expect(replica.row("T", "a")).toBe(before);
  });
});
