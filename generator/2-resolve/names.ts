import { isReservedWord } from "./reserved-words.ts";

/** Files of `_generated/server` that are no entity's. */
const TAKEN_FILES: readonly string[] = ["app", "routes", "functions", "index"];

/**
 * Base name of an entity's files and prefix of its identifiers: `Todo` → `todo`, `OrderLine` → `orderLine`, `URLMap` → `urlMap`.
 * Only case changes, so two entities share one only where their names differ in nothing else (ENTITY_NAME_CLASH).
 */
export function fileBase(entity: string): string {
  const base = entity.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (capitals) => capitals.toLowerCase());
  return TAKEN_FILES.includes(base) || isReservedWord(base) ? `${base}Entity` : base;
}

/**
 * `<app name>_session`; characters that a cookie name may not hold (RFC 6265) become `_`. Of a name that begins with `__Host-` and the
 * like browsers ask more than a server without TLS can give, so one `_` of it goes.
 */
export const cookieNameOf = (app: string): string =>
  `${app.replace(/[^A-Za-z0-9!#$%&'*+.^_`|~-]/g, "_").replace(/^__(?=(?:secure|host|http)-)/i, "_")}_session`;

/** Tables and indexes share one name space; the entity in front keeps indexes of different entities apart. */
export const indexSqlName = (entity: string, index: string): string => `${entity}_${index}`;

/** The origin of the n-th thing (from 0) of one key: builders that repeat a key get `@2`, `@3` (generator/dsl/positions.ts). */
export const nthKey = (key: string, n: number): string => (n === 0 ? key : `${key}@${n + 1}`);
