/**
 * The works that are timed: their requests, and the targets that ours has to meet. A ratio is ours / other, so smaller is better.
 * @typedef {{ cpuFloor: number, cpuRival: number, p50: number, p50Of: "floor" | "bare" }} Targets
 * @typedef {{ adminToken: string, tokens: readonly string[] }} Callers
 * @typedef {{ status: number, request: (i: number, callers: Callers) => string, uses?: "fresh rows", targets?: Targets }} Work
 */

export const ADMIN_TOKEN = "secretsecretsecretsecret";

/** Rows that point reads, lists and updates use; the page under a rule has the notes. */
export const ITEMS = 2_000;
const NOTES_PER_OWNER = 50;
/** Callers of the page under a rule, each the owner of other notes. */
export const OWNERS = 20;
/** Ids above it are rows that `delete` removes. */
const FRESH = 1_000_000_000;

const hexId = (i) => i.toString(16).padStart(40, "0");
export const ownerId = (i) => hexId(0xaaaa_0000 + i);

const TEXT = "The quick brown fox jumps over the lazy dog and counts";

const item = (i) => ({
  title: `Item number ${i}`,
  body: `${TEXT} ${i} times.`,
  done: i % 3 === 0,
  rank: i % 1_000,
  price: i / 4,
  at: "2026-01-02T03:04:05Z",
});

/**
 * Rows that hold all notes of their owners. The real server reads 10,000 rows at most and applies rules after that, so an owner whose notes
 * lie further apart would get a part of them.
 */
const BLOCK = 10_000;

/** Notes of one owner lie apart, one in each 200 rows, as they would after some months of use. */
const noteOwner = (i, rows) => {
  const owners = Math.min(rows, BLOCK) / NOTES_PER_OWNER;
  return Math.floor(i / BLOCK) * owners + (i % owners);
};

const note = (i, rows) => ({
  userId: ownerId(noteOwner(i, rows)),
  title: `Note number ${i}`,
  body: `${TEXT} ${i} times.`,
  done: i % 2 === 0,
  at: "2026-01-02T03:04:05Z",
});

const head = (method, path, token) =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${token === undefined ? "" : `Authorization: Bearer ${token}\r\n`}`;
const get = (path, token) => `${head("GET", path, token)}\r\n`;
/** Texts of the requests are ASCII, so characters are bytes. */
const withBody = (method, path, value, token) => {
  const body = JSON.stringify(value);
  return `${head(method, path, token)}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

const ITEM = "/api/entities/Item";
const NOTE = "/api/entities/Note";

const WRITE = { cpuFloor: 1.0, cpuRival: 0.1, p50: 1.3, p50Of: "bare" };

/** @type {Readonly<Record<string, Work>>} */
export const WORKS = {
  "point read by id": {
    status: 200,
    request: (i) => get(`${ITEM}/${hexId(i % ITEMS)}`),
    targets: { cpuFloor: 1.3, cpuRival: 0.2, p50: 1.3, p50Of: "floor" },
  },
  "list of 100": {
    status: 200,
    request: () => get(`${ITEM}?limit=100`),
    targets: { cpuFloor: 0.9, cpuRival: 0.3, p50: 1.0, p50Of: "floor" },
  },
  "list of 1,000": {
    status: 200,
    request: () => get(`${ITEM}?limit=1000`),
    targets: { cpuFloor: 0.65, cpuRival: 0.45, p50: 1.0, p50Of: "floor" },
  },
  // Without a limit: the real server applies rules after LIMIT, so it would answer a short page.
  "page of an owner's rows": {
    status: 200,
    request: (i, { tokens }) => get(NOTE, tokens[i % tokens.length]),
    targets: { cpuFloor: 1.1, cpuRival: 0.002, p50: 1.2, p50Of: "floor" },
  },
  insert: { status: 201, request: (i) => withBody("POST", ITEM, item(i)), targets: WRITE },
  update: {
    status: 200,
    request: (i) => withBody("PATCH", `${ITEM}/${hexId(i % ITEMS)}`, { title: `Item ${i}, changed`, rank: i % 1_000 }),
    targets: WRITE,
  },
  delete: {
    status: 200,
    request: (i) => `${head("DELETE", `${ITEM}/${hexId(FRESH + i)}`)}\r\n`,
    uses: "fresh rows",
    targets: WRITE,
  },
};

/** Filling the tables: not timed, with ids made here, so that every server holds the same rows. */
export const FILLS = {
  items: { status: 201, request: (i) => withBody("POST", ITEM, { id: hexId(i), ...item(i) }) },
  fresh: { status: 201, request: (i) => withBody("POST", ITEM, { id: hexId(FRESH + i), ...item(i) }) },
  /** @param {number} rows @returns {Work} */
  notes: (rows) => ({
    status: 201,
    request: (i, { adminToken }) => withBody("POST", NOTE, { id: hexId(i), ...note(i, rows) }, adminToken),
  }),
};

export const MEMORY_TARGETS = { floor: 1.3, rival: 0.1 };
export const START_TARGETS = { floor: 1.2, rival: 1.1 };
