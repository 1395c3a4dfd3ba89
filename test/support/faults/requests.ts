import { isValidText } from "../../../runtime-core/kernel/text.ts";
import type { RawRequest } from "./pipeline.ts";
import type { Dice } from "./random.ts";
import { type FuzzField, goodJson, OBJECT_NAMES, ODD_NAMES, oddJson } from "./values.ts";

export interface FuzzEntity {
  readonly name: string;
  readonly fields: readonly FuzzField[];
}

export interface FuzzWorld {
  readonly entities: readonly FuzzEntity[];
  readonly adminToken: string;
  /** Session tokens. */
  readonly tokens: readonly string[];
  /** Ids of rows that were made, by entity, so that some requests meet a row. */
  readonly ids: Map<string, string[]>;
}

/** Requests that know the schema, with something odd in most of them; the framing is right, so many go down one connection. */
export function framedRequest(dice: Dice, world: FuzzWorld): RawRequest {
  const [method, path, body] = dice.pick(SHAPES)(dice, world);
  return framed(dice.chance(0.03) ? dice.pick(METHODS) : method, path, headersOf(dice, world), body);
}

type Shape = (dice: Dice, world: FuzzWorld) => readonly [method: string, path: string, body: string];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE", "QUERY"];

const pathOf = (dice: Dice, { name }: FuzzEntity): string =>
  `/api/entities/${dice.chance(0.95) ? name : escaped(dice, dice.pick(ODD_NAMES))}`;

/** Mostly a row of the entity, and one of the last, since many are deleted. */
function idOf(dice: Dice, { ids }: FuzzWorld, { name }: FuzzEntity): string {
  const known = ids.get(name) ?? [];
  return dice.chance(0.8) && known.length > 0 ? dice.pick(known.slice(-10)) : dice.pick(ODD_NAMES);
}

const insert: Shape = (dice, { entities }) => {
  const entity = dice.pick(entities);
  return ["POST", pathOf(dice, entity), rowBody(dice, entity)];
};
const update: Shape = (dice, world) => {
  const entity = dice.pick(world.entities);
  return ["PATCH", `${pathOf(dice, entity)}/${escaped(dice, idOf(dice, world, entity))}`, rowBody(dice, entity, 0.3)];
};
const remove: Shape = (dice, world) => {
  const entity = dice.pick(world.entities);
  return ["DELETE", `${pathOf(dice, entity)}/${escaped(dice, idOf(dice, world, entity))}`, ""];
};
const list: Shape = (dice, world) => {
  const path = pathOf(dice, dice.pick(world.entities));
  return ["GET", `${path}${dice.chance(0.3) ? "/cursor" : ""}${query(dice, world)}`, ""];
};
const get: Shape = (dice, world) => {
  const entity = dice.pick(world.entities);
  const path = pathOf(dice, entity);
  return ["GET", `${path}/${escaped(dice, idOf(dice, world, entity))}${query(dice, world)}`, ""];
};
const pull: Shape = (dice, world) => ["GET", `/api/sync/pull${query(dice, world)}`, ""];
const push: Shape = (dice, world) => ["POST", "/api/sync/push", pushBody(dice, world)];
const auth: Shape = (dice) => ["POST", dice.pick(AUTH_PATHS), authBody(dice)];
const other: Shape = (dice) => {
  const more = dice.chance(0.3) ? `/${escaped(dice, dice.pick(ODD_NAMES))}` : "";
  return [dice.pick(METHODS), `${dice.pick(PATHS)}${more}`, ""];
};

const SHAPES: readonly Shape[] = [
  insert,
  insert,
  insert,
  update,
  update,
  remove,
  list,
  list,
  list,
  get,
  pull,
  push,
  push,
  auth,
  other,
];

const AUTH_PATHS = [
  "/api/auth/session",
  "/api/auth/guest",
  "/api/auth/upgrade",
  "/api/auth/refresh",
  "/api/auth/password/login",
];

const PATHS = [
  "/",
  "/health",
  "/api/manifest",
  "/api/manifest?full=1",
  "/api/openapi.json",
  "/api/auth/me",
  "/api/auth/session",
  "/api/auth/sessions",
  "/api/sync/ws",
  "/events",
  "/api",
  "/api/entities",
  "//",
  "/../../etc/passwd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/assets/..%2f..%2fserver.js",
  "/server.js",
  "/%",
  "/%c3%28",
  "*",
  "http://elsewhere.example/api/auth/me",
];

/** Mostly encoded; sometimes encoded twice, cut off, or no UTF-8. */
export function escaped(dice: Dice, text: string): string {
  // A lone surrogate cannot be encoded; these are the bytes that some clients send for it.
  const encoded = isValidText(text) ? encodeURIComponent(text) : "%ed%a0%80";
  if (dice.chance(0.9)) return encoded;
  return dice.pick([encodeURIComponent(encoded), `${encoded}%`, `${encoded}%zz`, "%c0%af", encoded.toUpperCase()]);
}

const PARAMETERS = [
  "limit",
  "offset",
  "sort",
  "order",
  "q",
  "after",
  "since",
  "snapshot",
  "snapshot_after",
  "epoch",
  "token",
];

function query(dice: Dice, world: FuzzWorld): string {
  const parts = Array.from({ length: dice.below(5) }, () => {
    const name = dice.chance(0.95) ? dice.pick(PARAMETERS) : escaped(dice, dice.pick(ODD_NAMES));
    const entity = dice.pick(world.entities);
    const field = dice.pick(entity.fields).name;
    const value = dice.pick([
      "0",
      "1",
      "10",
      "5000",
      "99999999999",
      "desc",
      "asc",
      field,
      field,
      idOf(dice, world, entity),
      dice.pick(ODD_NAMES),
      "-5",
      "1e3",
      "0x10",
      "text",
    ]);
    return dice.chance(0.95) ? `${name}=${escaped(dice, value)}` : name;
  });
  return parts.length === 0 ? "" : `?${parts.join(dice.chance(0.97) ? "&" : "?")}`;
}

/** Naming it is mostly refused. */
const isClosed = (field: FuzzField): boolean => field.readonly === true || field.serverOnly === true;

/** Fields of the row, each present with the given chance; in half of the bodies one thing is odd. */
function rowBody(dice: Dice, { fields }: FuzzEntity, presence = 0.9): string {
  if (dice.chance(0.04)) return oddJson(dice);
  const members = fields
    .filter((field) => dice.chance(isClosed(field) ? 0.1 : presence))
    .map((field) => `${JSON.stringify(field.name)}:${dice.chance(0.98) ? goodJson(dice, field) : oddJson(dice)}`);
  if (dice.chance(0.25))
    members.push(`${JSON.stringify(dice.pick(dice.chance(0.5) ? OBJECT_NAMES : ODD_NAMES))}:${oddJson(dice)}`);
  const body = `{${members.join(",")}}`;
  return dice.chance(0.03) ? body.slice(0, dice.below(body.length)) : body;
}

function pushBody(dice: Dice, world: FuzzWorld): string {
  if (dice.chance(0.1)) return oddJson(dice);
  const text = (value: string): string => (dice.chance(0.99) ? JSON.stringify(value) : oddJson(dice));
  const changes = Array.from({ length: dice.below(6) }, () => {
    const entity = dice.pick(world.entities);
    const members = [
      `"entity":${text(dice.chance(0.95) ? entity.name : dice.pick(ODD_NAMES))}`,
      `"row_id":${text(idOf(dice, world, entity))}`,
      `"kind":${text(dice.chance(0.03) ? "upsert" : dice.pick(["insert", "insert", "update", "delete"]))}`,
      `"data":${rowBody(dice, entity)}`,
      `"op_id":${text(`op-${dice.below(500)}`)}`,
    ];
    return `{${members.filter(() => dice.chance(0.99)).join(",")}}`;
  });
  return `{"client_id":${text("fuzz")},"changes":[${changes.join(",")}]}`;
}

/** Never a password that would be accepted: hashing one takes longer than a hundred other requests. */
function authBody(dice: Dice): string {
  if (dice.chance(0.3)) return oddJson(dice);
  const value = (): string => (dice.chance(0.5) ? JSON.stringify(`user${dice.below(20)}`) : oddJson(dice));
  return `{"user_id":${value()},"email":${value()}}`;
}

const KEYS = ["k", "x".repeat(200), "x".repeat(201), " ", "a,b", '"quoted"', "\xff\xfe", "__proto__"];

function headersOf(dice: Dice, { adminToken, tokens }: FuzzWorld): string[] {
  const headers: string[] = [];
  const roll = dice.below(20);
  if (roll < 8) headers.push(`Authorization: Bearer ${adminToken}`);
  else if (roll < 16) headers.push(`Authorization: Bearer ${dice.pick(tokens)}`);
  else if (roll === 16)
    headers.push(
      dice.pick([
        "Authorization: Bearer",
        "Authorization: Basic eDp5",
        "Authorization: Bearer pk.a.b",
        `Authorization: Bearer pylon_${"0".repeat(64)}`,
        "Authorization: Bearer a.b.c",
      ]),
    );
  else if (roll === 17)
    headers.push(
      dice.pick([
        "Cookie: kitchen-sink_session=x; =; ;;",
        `Cookie: kitchen-sink_session=${dice.pick(tokens)}`,
        "Cookie: \xff",
      ]),
    );
  if (dice.chance(0.2))
    headers.push(`Idempotency-Key: ${dice.chance(0.7) ? `key-${dice.below(300)}` : dice.pick(KEYS)}`);
  if (dice.chance(0.05))
    headers.push(
      dice.pick([
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Referer: ::::",
        "Origin: \xff",
      ]),
    );
  if (dice.chance(0.05))
    headers.push(
      dice.pick([
        "Content-Type: text/plain",
        "Content-Type: multipart/form-data",
        "Content-Encoding: gzip",
        "Accept: \xff",
        "Expect: 100-continue",
        "X-Forwarded-For: , ,, 1",
      ]),
    );
  if (dice.chance(0.01)) headers.push(`X-Long: ${"h".repeat(8_000)}`);
  return headers;
}

function framed(method: string, path: string, headers: readonly string[], body: string): RawRequest {
  const length = body === "" && method !== "POST" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = `${method} ${path} HTTP/1.1\r\n${["Host: fuzz", ...headers, ...length].join("\r\n")}\r\n\r\n`;
  return {
    bytes: Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]),
    isHead: method === "HEAD",
    words: `${method} ${path} ${headers.join("; ").slice(0, 200)} ${body.slice(0, 400)}`,
  };
}
