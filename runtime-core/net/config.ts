import { type Limits, readLimits } from "../kernel/limits.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** What the app itself says; the environment adds to it or overrides it. */
export interface AppSettings {
  /** `<app name>_session`. */
  readonly cookieName: string;
  /** `auth.trustedOrigins`. */
  readonly trustedOrigins: readonly string[];
}

export interface CookieSettings {
  readonly name: string;
  readonly domain: string | null;
  readonly secure: boolean;
  readonly sameSite: "Lax" | "Strict" | "None";
}

export interface Config {
  /** Anyone may act as anyone. False unless PYLON_DEV_MODE says so (D20). */
  readonly devMode: boolean;
  /** Whether the log begins with what dev mode means. `pylon dev` has said it already (PYLON_DEV_NOTICE). */
  readonly devNotice: boolean;
  /** Address to bind to; null: all. */
  readonly host: string | null;
  /** 0: any free one. */
  readonly port: number;
  readonly dbPath: string;
  readonly adminToken: string | null;
  /** `Access-Control-Allow-Origin`; null: same origin only. `*` in dev mode only. */
  readonly corsOrigin: string | null;
  /** Origins that may write with a cookie, beside the server's own and loopback (H-CSRF). */
  readonly csrfOrigins: readonly string[];
  /** Origins whose sockets may use the cookie, beside the server's own (R-WS-AUTH). */
  readonly trustedOrigins: readonly string[];
  /** Proxies in front whose X-Forwarded-For entry counts, from the right. */
  readonly trustProxyHops: number;
  readonly cookie: CookieSettings;
  readonly openapiPublic: boolean;
  readonly logFormat: "pretty" | "json";
  readonly limits: Limits;
}

/** The environment is unusable. The entry prints `problems`, one a line, and exits with code 3. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Reads one variable each and collects what is wrong with it, so that a start names every mistake at once. */
function reader(env: Env) {
  const problems: string[] = [];
  const text = (name: string): string | null => env[name]?.trim() || null;
  const wrong = (name: string, wanted: string) => problems.push(`${name} must be ${wanted}, not "${env[name]}"`);

  function flag(name: string, otherwise: boolean): boolean {
    const value = text(name)?.toLowerCase() ?? null;
    if (value === null) return otherwise;
    if (value !== "1" && value !== "true" && value !== "0" && value !== "false") wrong(name, "true or false");
    return value === "1" || value === "true";
  }

  function whole(name: string, otherwise: number, max: number): number {
    const value = text(name);
    if (value === null) return otherwise;
    const read = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(read <= max)) wrong(name, `a whole number from 0 to ${max}`);
    return read;
  }

  function choice<T extends string>(name: string, values: readonly T[], otherwise: T): T {
    const value = text(name)?.toLowerCase();
    const found = values.find((candidate) => candidate.toLowerCase() === value);
    if (value !== undefined && found === undefined) wrong(name, `one of ${values.join(", ")}`);
    return found ?? otherwise;
  }

  function matching(name: string, pattern: RegExp, wanted: string): string | null {
    const value = text(name);
    if (value !== null && !pattern.test(value)) wrong(name, wanted);
    return value;
  }

  /** Comma-separated origins in canonical form; null when the variable is not set. */
  function origins(name: string): readonly string[] | null {
    const value = text(name);
    if (value === null) return null;
    const read = value.split(",").map((entry) => originOf(entry.trim()));
    if (read.includes(null)) wrong(name, "origins like https://example.com, separated by commas");
    return read.filter((origin) => origin !== null);
  }

  return { problems, text, wrong, flag, whole, choice, matching, origins };
}

/** `scheme://host[:port]` in lower case without a default port, as browsers send it; null when it is more or less than that. */
export function originOf(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin = url !== null && url.origin !== "null" && url.href === `${url.origin}/`;
  return isOrigin ? url.origin : null;
}

/** The settings of this process. Throws `ConfigError`: a bad value stops the start and is never replaced by a default. */
export function readConfig(env: Env, app: AppSettings): Config {
  const read = reader(env);
  const devMode = read.flag("PYLON_DEV_MODE", false);

  // In dev mode anyone who reaches the port may act as anyone, other web pages included: no `*` unless it is asked for.
  const isAnyOrigin = read.text("PYLON_CORS_ORIGIN") === "*";
  if (isAnyOrigin && !devMode) read.wrong("PYLON_CORS_ORIGIN", "one origin outside dev mode");
  const corsOrigins = isAnyOrigin ? [] : (read.origins("PYLON_CORS_ORIGIN") ?? []);
  if (corsOrigins.length > 1) read.wrong("PYLON_CORS_ORIGIN", "one origin");
  const appOrigins = app.trustedOrigins.map((origin) => originOf(origin) ?? origin);

  // A token that looks like a session or an API key would never be tried as the admin's.
  const adminToken = read.text("PYLON_ADMIN_TOKEN");
  if (adminToken !== null && /^pylon_[0-9a-f]{64}$|^pk\.|\s/.test(adminToken))
    read.problems.push("PYLON_ADMIN_TOKEN must not look like a session token or an API key, and has no blanks");

  const dbPath = read.text("PYLON_DB_PATH");
  if (dbPath === null && read.text("DATABASE_URL") !== null)
    read.problems.push(
      "DATABASE_URL is set, but this server stores in SQLite: unset it, or name a file in PYLON_DB_PATH",
    );

  const cookie: CookieSettings = {
    name: read.matching("PYLON_COOKIE_NAME", /^[\w!#$%&'*+.^`|~-]+$/, "a cookie name") ?? app.cookieName,
    domain: read.matching("PYLON_COOKIE_DOMAIN", /^[\w.-]+$/, "a domain"),
    secure: read.flag("PYLON_COOKIE_SECURE", !devMode),
    sameSite: read.choice("PYLON_COOKIE_SAME_SITE", ["Lax", "Strict", "None"], "Lax"),
  };
  if (cookie.sameSite === "None" && !cookie.secure)
    read.problems.push(
      "PYLON_COOKIE_SAME_SITE=None needs PYLON_COOKIE_SECURE=true: browsers drop the cookie otherwise",
    );

  const settings = {
    devMode,
    devNotice: devMode && read.flag("PYLON_DEV_NOTICE", true),
    host: read.text("PYLON_HOST") ?? (devMode ? "127.0.0.1" : null),
    port: read.whole("PYLON_PORT", 4321, 65_535),
    dbPath: dbPath ?? (devMode ? ".pylon/dev.db" : "pylon.db"),
    adminToken,
    corsOrigin: isAnyOrigin ? "*" : (corsOrigins[0] ?? null),
    csrfOrigins: [...new Set([...(read.origins("PYLON_CSRF_ORIGINS") ?? corsOrigins), ...appOrigins])],
    trustedOrigins: [...new Set([...appOrigins, ...(read.origins("PYLON_TRUSTED_ORIGINS") ?? []), ...corsOrigins])],
    trustProxyHops: read.whole("PYLON_TRUST_PROXY_HOPS", 0, 16),
    cookie,
    openapiPublic: read.flag("PYLON_OPENAPI_PUBLIC", devMode),
    logFormat: read.choice("PYLON_LOG_FORMAT", ["pretty", "json"], "pretty"),
  };
  const limits = limitsOf(env, devMode, read.problems);
  if (limits === null || read.problems.length > 0) throw new ConfigError(read.problems);
  return { ...settings, limits };
}

function limitsOf(env: Env, devMode: boolean, problems: string[]): Limits | null {
  try {
    return readLimits(env, devMode);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(error.message);
    return null;
  }
}
