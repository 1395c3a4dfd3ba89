import { expect, test } from "vitest";
import { ago, datetimeOf, parseDatetime, printDatetime } from "../../../runtime-core/kernel/datetime.ts";

test.each([
  ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000Z"],
  ["2024-01-01t01:00:00.1234567+01:00", "2024-01-01T00:00:00.123Z"],
  ["2024-02-29 23:30:00-01:00", "2024-03-01T00:30:00.000Z"],
  ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
  ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
])("%s is %s", (text, canonical) => expect(parseDatetime(text)).toBe(canonical));

test.each([
  "2023-02-29T00:00:00Z",
  "2024-02-30T00:00:00Z",
  "2024-04-31T00:00:00Z",
  "2024-13-01T00:00:00Z",
  "2024-00-10T00:00:00Z",
  "2024-01-00T00:00:00Z",
  "2024-01-01T24:00:00Z",
  "2024-01-01T00:00:60Z",
  "2024-01-01T00:00:00",
  "2024-01-01",
  "0000-01-01T00:00:00+00:01",
  "9999-12-31T23:59:59-00:01",
  "2024-01-01T00:00:00+24:00",
  " 2024-01-01T00:00:00Z",
  "2024-01-01T00:00:00.Z",
  "",
])("%s is no datetime", (text) => expect(parseDatetime(text)).toBeNull());

test("shown without zero milliseconds", () => {
  expect(printDatetime("2024-01-01T00:00:00.000Z")).toBe("2024-01-01T00:00:00Z");
  expect(printDatetime("2024-01-01T00:00:00.120Z")).toBe("2024-01-01T00:00:00.120Z");
});

test("ago and datetimeOf stay within the years 0000 to 9999", () => {
  expect(ago("2024-01-02T00:00:00.000Z", 86_400_000)).toBe("2024-01-01T00:00:00.000Z");
  expect(ago("2024-01-02T00:00:00.000Z", Number.MAX_SAFE_INTEGER)).toBe("0000-01-01T00:00:00.000Z");
  expect(datetimeOf(8e15)).toBe("9999-12-31T23:59:59.999Z");
});
