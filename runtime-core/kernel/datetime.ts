/** Datetimes are kept as UTC text `YYYY-MM-DDTHH:MM:SS.mmmZ` on every engine (D21): text order is time order. */
const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

export const DATETIME_MIN = "0000-01-01T00:00:00.000Z";
export const DATETIME_MAX = "9999-12-31T23:59:59.999Z";

const MIN_MS = Date.parse(DATETIME_MIN);
const MAX_MS = Date.parse(DATETIME_MAX);

/**
 * RFC 3339 text with an offset as canonical UTC text. Parts of a second beyond milliseconds are cut off. Null when it is
 * not RFC 3339, names a day or time that does not exist, or lies outside the years 0000 to 9999.
 */
export function parseDatetime(text: string): string | null {
  const parts = RFC3339.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction = "", sign, offsetHours, offsetMinutes] = parts;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const localMs = Date.parse(local);
  // Date.parse takes 30 February for 1 March.
  if (Number.isNaN(localMs) || new Date(localMs).getUTCDate() !== Number(day)) return null;
  if (sign === undefined) return local;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const ms = sign === "-" ? localMs + offsetMs : localMs - offsetMs;
  return ms < MIN_MS || ms > MAX_MS ? null : new Date(ms).toISOString();
}

/** Canonical text of an instant in milliseconds since the epoch, held within the years 0000 to 9999. */
export const datetimeOf = (ms: number): string => new Date(Math.min(MAX_MS, Math.max(MIN_MS, ms))).toISOString();

/** Canonical text as it is shown to callers: without milliseconds when they are zero. */
export const printDatetime = (canonical: string): string =>
  canonical.endsWith(".000Z") ? `${canonical.slice(0, -5)}Z` : canonical;

/** The instant `ms` milliseconds before `now` (both canonical): `ago("30d")` of a rule. Never before the year 0000. */
export const ago = (now: string, ms: number): string => datetimeOf(Date.parse(now) - ms);
