import { describe, expect, test } from "vitest";
import { ConfigError, originOf, readConfig } from "../../../runtime-core/net/config.ts";

const app = { cookieName: "todo_session", trustedOrigins: ["https://partner.example"] };

test("nothing set is production: no dev rights, same origin only, a Secure cookie (D20)", () => {
  const { limits, ...config } = readConfig({}, app);
  expect(config).toEqual({
    devMode: false,
    devNotice: false,
    host: null,
    port: 4321,
    dbPath: "pylon.db",
    adminToken: null,
    corsOrigin: null,
    csrfOrigins: ["https://partner.example"],
    trustedOrigins: ["https://partner.example"],
    trustProxyHops: 0,
    cookie: { name: "todo_session", domain: null, secure: true, sameSite: "Lax" },
    openapiPublic: false,
    logFormat: "pretty",
  });
  expect(limits.requestsPerWindowMax).toBe(600);
});

test("dev mode binds to loopback, keeps its own file and lifts limits", () => {
  const config = readConfig({ PYLON_DEV_MODE: "1" }, app);
  expect(config).toMatchObject({ devMode: true, host: "127.0.0.1", dbPath: ".pylon/dev.db", openapiPublic: true });
  expect(config.cookie.secure).toBe(false);
  expect(config.devNotice).toBe(true);
  expect(readConfig({ PYLON_DEV_MODE: "1", PYLON_DEV_NOTICE: "0" }, app).devNotice).toBe(false);
  expect(config.limits.requestsPerWindowMax).toBe(100_000);
  expect(readConfig({ PYLON_DEV_MODE: "true", PYLON_CORS_ORIGIN: "*" }, app).corsOrigin).toBe("*");
});

test("every variable is read", () => {
  const env = {
    PYLON_HOST: "10.0.0.1",
    PYLON_PORT: "0",
    PYLON_DB_PATH: "/data/x.db",
    DATABASE_URL: "postgres://ignored-since-a-file-is-named",
    PYLON_ADMIN_TOKEN: "secret",
    PYLON_CORS_ORIGIN: "HTTPS://App.Example:443/",
    PYLON_CSRF_ORIGINS: "https://a.example, http://b.example:8080",
    PYLON_TRUSTED_ORIGINS: "https://c.example",
    PYLON_TRUST_PROXY_HOPS: "2",
    PYLON_COOKIE_NAME: "sid",
    PYLON_COOKIE_DOMAIN: ".example.com",
    PYLON_COOKIE_SAME_SITE: "none",
    PYLON_OPENAPI_PUBLIC: "true",
    PYLON_LOG_FORMAT: "json",
    PYLON_RATE_LIMIT_MAX: "7",
  };
  expect(readConfig(env, app)).toMatchObject({
    host: "10.0.0.1",
    port: 0,
    dbPath: "/data/x.db",
    adminToken: "secret",
    corsOrigin: "https://app.example",
    csrfOrigins: ["https://a.example", "http://b.example:8080", "https://partner.example"],
    trustedOrigins: ["https://partner.example", "https://c.example", "https://app.example"],
    trustProxyHops: 2,
    cookie: { name: "sid", domain: ".example.com", secure: true, sameSite: "None" },
    openapiPublic: true,
    logFormat: "json",
    limits: { requestsPerWindowMax: 7 },
  });
});

test("without PYLON_CSRF_ORIGINS the CORS origin counts (H-CSRF)", () => {
  const config = readConfig({ PYLON_CORS_ORIGIN: "https://app.example" }, app);
  expect(config.csrfOrigins).toEqual(["https://app.example", "https://partner.example"]);
});

describe("a bad value stops the start and is never replaced", () => {
  test.each([
    [{ PYLON_DEV_MODE: "yes" }, 'PYLON_DEV_MODE must be true or false, not "yes"'],
    [{ PYLON_PORT: "80a" }, 'PYLON_PORT must be a whole number from 0 to 65535, not "80a"'],
    [{ PYLON_PORT: "65536" }, 'PYLON_PORT must be a whole number from 0 to 65535, not "65536"'],
    [{ PYLON_PORT: "-1" }, 'PYLON_PORT must be a whole number from 0 to 65535, not "-1"'],
    [{ PYLON_CORS_ORIGIN: "*" }, 'PYLON_CORS_ORIGIN must be one origin outside dev mode, not "*"'],
    [{ PYLON_CORS_ORIGIN: "https://a.example,https://b.example" }, "PYLON_CORS_ORIGIN must be one origin, not"],
    [{ PYLON_CORS_ORIGIN: "app.example" }, "PYLON_CORS_ORIGIN must be origins like"],
    [{ PYLON_CSRF_ORIGINS: "https://a.example/path" }, "PYLON_CSRF_ORIGINS must be origins like"],
    [{ PYLON_TRUSTED_ORIGINS: "*" }, "PYLON_TRUSTED_ORIGINS must be origins like"],
    [{ PYLON_TRUST_PROXY_HOPS: "all" }, "PYLON_TRUST_PROXY_HOPS must be a whole number from 0 to 16"],
    [{ PYLON_COOKIE_NAME: "a b" }, "PYLON_COOKIE_NAME must be a cookie name"],
    [{ PYLON_COOKIE_DOMAIN: "x; Path=/" }, "PYLON_COOKIE_DOMAIN must be a domain"],
    [{ PYLON_COOKIE_SAME_SITE: "loose" }, "PYLON_COOKIE_SAME_SITE must be one of Lax, Strict, None"],
    [{ PYLON_COOKIE_SAME_SITE: "None", PYLON_COOKIE_SECURE: "0" }, "needs PYLON_COOKIE_SECURE=true"],
    [{ PYLON_ADMIN_TOKEN: `pylon_${"0".repeat(64)}` }, "PYLON_ADMIN_TOKEN must not look like"],
    [{ PYLON_LOG_FORMAT: "xml" }, "PYLON_LOG_FORMAT must be one of pretty, json"],
    [{ DATABASE_URL: "postgres://x" }, "DATABASE_URL is set"],
    [{ PYLON_RATE_LIMIT_MAX: "many" }, "PYLON_RATE_LIMIT_MAX must be a whole number"],
  ])("%j", (env, words) => {
    expect(() => readConfig(env, app)).toThrow(ConfigError);
    expect(() => readConfig(env, app)).toThrow(words);
  });

  test("all at once", () => {
    try {
      readConfig({ PYLON_PORT: "x", PYLON_LOG_FORMAT: "x", PYLON_RATE_LIMIT_MAX: "x" }, app);
      expect.unreachable();
    } catch (error) {
      expect((error as ConfigError).problems).toHaveLength(3);
    }
  });
});

test.each([
  ["https://a.example", "https://a.example"],
  ["HTTP://A.example:80/", "http://a.example"],
  ["http://localhost:3000", "http://localhost:3000"],
  ["https://user@a.example", null],
  ["https://a.example/x", null],
  ["https://a.example?", null],
  ["file:///x", null],
  ["null", null],
  ["", null],
])("origin of %j is %j", (text, origin) => {
  expect(originOf(text)).toBe(origin);
});
