import type { Dice } from "./random.ts";

export interface FuzzField {
  readonly name: string;
  readonly type: string;
  readonly enumValues?: readonly string[];
  readonly readonly?: boolean;
  readonly serverOnly?: boolean;
}

/** Names that every object seems to have. */
export const OBJECT_NAMES: readonly string[] = ["__proto__", "constructor", "toString", "valueOf", "hasOwnProperty"];

/** Names that mean something to SQL, to JavaScript or to this server, or that nobody would choose. */
export const ODD_NAMES: readonly string[] = [
  ...OBJECT_NAMES,
  "rowid",
  "_rowid_",
  "sqlite_master",
  "_pylon_feed",
  "_pylon_operation_ids",
  "select",
  "*",
  "",
  " ",
  '"',
  "'",
  "`",
  "\\",
  "id; DROP TABLE Note",
  '" OR 1=1 --',
  "') UNION SELECT * FROM _pylon_feed --",
  "a.b",
  "a\u0000b",
  "ÄÖ\u{1f600}",
  "\ud800",
  "0",
  "-1",
  "null",
  "cursor",
  "id",
];

const ODD_TEXTS: readonly string[] = [
  ...ODD_NAMES,
  "x".repeat(300),
  "é".repeat(5_000),
  "%00%ff%c3%28",
  "2026-02-30T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
  "-000001-01-01T00:00:00Z",
  "0".repeat(40),
  "f".repeat(40),
  "\u202e\ufeff\u2028",
  "\udc00\ud800",
  "%_%\\",
  "a* OR b NEAR/2 c",
];

const ODD_NUMBERS: readonly string[] = [
  "0",
  "-0",
  "-1",
  "1.5",
  "1e308",
  "1e999",
  "-1e-400",
  "9007199254740993",
  "-9223372036854775808",
  "9223372036854775808",
  "123456789012345678901234567890",
  "2147483648",
];

/** JSON text of any value: mostly small, sometimes odd, deep or broken. */
export function oddJson(dice: Dice): string {
  switch (dice.below(16)) {
    case 0:
    case 1:
    case 2:
      return JSON.stringify(dice.pick(ODD_TEXTS));
    case 3:
    case 4:
    case 5:
      return dice.pick(ODD_NUMBERS);
    case 6:
    case 7:
      return "null";
    case 8:
      return dice.pick(["true", "false"]);
    case 9:
      return `[${oddJson(dice)},${oddJson(dice)}]`;
    case 10:
      return `{${JSON.stringify(dice.pick(ODD_NAMES))}:${oddJson(dice)}}`;
    case 11:
      return deep(dice.pick([5, 62, 65, 5_000, 20_000]), dice.chance(0.5));
    case 12:
      return dice.pick([
        "",
        "{",
        '"',
        "[1,",
        "nul",
        "NaN",
        "undefined",
        "01",
        "'x'",
        "\u0000",
        '"\\u00"',
        "//",
        "{}{}",
      ]);
    case 13:
      return '{"\\u005f_proto__":{"isAdmin":true},"__proto__":1}';
    case 14:
      return `"${"y".repeat(dice.pick([100, 10_000, 70_000]))}"`;
    default:
      return "[]";
  }
}

const deep = (levels: number, isArray: boolean): string =>
  isArray ? `${"[".repeat(levels)}${"]".repeat(levels)}` : `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

/** JSON text that a field takes. */
export function goodJson(dice: Dice, { type, enumValues }: FuzzField): string {
  if (enumValues !== undefined) return JSON.stringify(dice.pick(enumValues));
  if (type === "int") return String(dice.below(6));
  if (type === "float") return String(dice.below(100) / 8);
  if (type === "bool") return dice.pick(["true", "false"]);
  if (type === "datetime") return dice.pick(['"2026-01-02T03:04:05Z"', '"2026-01-02T03:04:05.678+02:00"']);
  if (type === "json") return '{"tags":["a","b"]}';
  if (type.startsWith("vector")) return "[0.5,1,2]";
  return JSON.stringify(`text ${dice.below(1_000_000)}`);
}
