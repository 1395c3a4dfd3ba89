import { expect, test } from "vitest";
import { createLogger, thrownFields } from "../../../runtime-core/kernel/log.ts";

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5), monotonic: () => 0 };

test("JSON is an object a line, pretty is one short line", () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  createLogger("json", clock, write).warn("full\n", { port: 1, why: undefined });
  createLogger("pretty", clock, write).error("full", { port: 1, why: undefined });
  expect(lines).toEqual([
    '{"time":"2026-01-02T03:04:05.000Z","level":"warn","message":"full\\n","port":1}\n',
    "03:04:05 error full port=1\n",
  ]);
});

test("anything can be thrown", () => {
  expect(thrownFields("text")).toEqual({ error: "text" });
  expect(thrownFields(Object.create(null))).toEqual({ error: "object" });
  expect(thrownFields(new Error("words"))).toMatchObject({ error: "words" });
});
