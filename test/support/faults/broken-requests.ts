import type { RawRequest } from "./pipeline.ts";
import type { Dice } from "./random.ts";
import { escaped, type FuzzWorld, framedRequest } from "./requests.ts";
import { ODD_NAMES, oddJson } from "./values.ts";

/** Requests whose framing is broken or unusual: each has a connection of its own. */
export function brokenRequest(dice: Dice, world: FuzzWorld): RawRequest {
  const good = framedRequest(dice, world);
  const name = dice.pick(world.entities).name;
  const post = `POST /api/entities/${name} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.adminToken}\r\n`;
  const get = `GET /api/entities/${name} HTTP/1.1\r\nHost: x\r\n`;
  const upgrade = `GET ${dice.pick(["/api/sync/ws", "/api/sync/ws?since=-1", "/events", "/"])} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n`;
  const texts = [
    `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}`,
    `${post}Content-Length: -1\r\n\r\n{}`,
    `${post}Content-Length: 1e3\r\n\r\n{}`,
    `${post}Content-Length: 99999999999999\r\n\r\n{}`,
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: gzip\r\n\r\n{}`,
    `${post}Expect: the-unexpected\r\nContent-Length: 2\r\n\r\n{}`,
    `${get}X-Many: 1\r\n${"X-A: 1\r\n".repeat(3_000)}\r\n`,
    `${get}X-Huge: ${"h".repeat(40_000)}\r\n\r\n`,
    `${get}Bad Header: 1\r\n\r\n`,
    `${get}: empty\r\n\r\n`,
    `${get}X-Nul: a\u0000b\r\n\r\n`,
    `GET /api/entities/${name} HTTP/1.1\r\n\r\n`,
    "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n",
    `GET /${"p".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    "CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    `${upgrade}Upgrade: websocket\r\n\r\n`,
    `${upgrade}Upgrade: h2c\r\n\r\n`,
    `${upgrade}Upgrade: websocket\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    `${upgrade}Upgrade: websocket\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\nSec-WebSocket-Version: 99\r\n\r\n`,
    `${upgrade}Upgrade: websocket\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ,,\xff\r\n\r\n`,
    `${upgrade}Upgrade: websocket\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\nSec-WebSocket-Version: 13\r\n\r\n\xff\xff\xff\xff`,
    `GET /events?token=${dice.pick(world.tokens)}&since=${escaped(dice, dice.pick(ODD_NAMES))} HTTP/1.1\r\nHost: x\r\nLast-Event-ID: ${dice.pick(["1", "-1", "x", "99999999"])}\r\n\r\n`,
  ];
  if (dice.chance(0.8)) {
    const text = dice.pick(texts);
    return { bytes: Buffer.from(text, "latin1"), isHead: false, words: text.slice(0, 300) };
  }
  // Right at first, then flipped bytes.
  const bytes = Buffer.from(good.bytes);
  for (let flips = 1 + dice.below(3); flips > 0; flips -= 1)
    bytes[dice.below(Math.min(bytes.length, 200))] = dice.below(256);
  return { bytes, isHead: good.isHead, words: bytes.toString("latin1", 0, 300) };
}

/** Messages for a socket, text or binary. */
export function socketMessage(dice: Dice): string | Buffer {
  switch (dice.below(5)) {
    case 0:
      return oddJson(dice).slice(0, 60_000);
    case 1:
      return `{"type":"resume","since":${oddJson(dice).slice(0, 60_000)}}`;
    case 2:
      return `{"type":"resume","since":${dice.below(2_000)}}`;
    case 3:
      return `{"type":${oddJson(dice).slice(0, 60_000)}}`;
    default:
      return Buffer.from([dice.below(256), dice.below(256), dice.below(256)]);
  }
}
