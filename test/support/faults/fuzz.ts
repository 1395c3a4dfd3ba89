import { WebSocket } from "ws";
import { brokenRequest, socketMessage } from "./broken-requests.ts";
import { Pipeline, type RawAnswer, type RawRequest } from "./pipeline.ts";
import { type Dice, dice } from "./random.ts";
import { type FuzzWorld, framedRequest } from "./requests.ts";

export interface FuzzReport {
  /** What no server should have answered, with the request. */
  readonly problems: string[];
  /** Status → answers. */
  readonly statuses: Map<number, number>;
  sent: number;
}

const CONNECTIONS = 12;
const BATCH = 12;

/** The 503 that are said in the interface; anything else from 500 on is a bug. */
const DECLARED: ReadonlySet<string> = new Set(["OVERLOADED", "QUERY_TIMEOUT", "STORAGE_FULL", "SHUTTING_DOWN"]);

/** What engines say of themselves: it names files, statements and versions. */
const INSIDE =
  /SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|TOOBIG|BUSY)|no such (table|column)|syntax error|\.js:\d|is not a function|Cannot read|Maximum call stack/;

/** Sends `count` requests and socket messages that follow from the seed: nine in ten well framed. */
export async function fuzz(port: number, world: FuzzWorld, seed: number, count: number): Promise<FuzzReport> {
  const report: FuzzReport = { problems: [], statuses: new Map(), sent: 0 };
  const share = (part: number): number => Math.ceil((count * part) / CONNECTIONS);
  const connections = Array.from({ length: CONNECTIONS }, async (_, at) => {
    const random = dice(seed * 1_000 + at);
    await framedRequests(port, world, random, report, share(0.88));
    await brokenRequests(port, world, random, report, share(0.07));
    await messages(port, world, random, report, share(0.05));
  });
  await Promise.all(connections);
  return report;
}

async function framedRequests(
  port: number,
  world: FuzzWorld,
  random: Dice,
  report: FuzzReport,
  count: number,
): Promise<void> {
  const pipeline = new Pipeline(port);
  for (let left = count; left > 0; left -= BATCH) {
    const batch = Array.from({ length: Math.min(left, BATCH) }, () => framedRequest(random, world));
    const answers = await pipeline.exchange(batch);
    report.sent += batch.length;
    for (const [at, request] of batch.entries()) {
      // The server may end a connection after an answer; what came behind it is sent again by itself.
      const answer = answers[at] ?? (await pipeline.exchange([request]))[0];
      if (answer === undefined) report.problems.push(`no answer: ${request.words}`);
      else judge(report, request, answer, world);
    }
  }
  pipeline.close();
}

async function brokenRequests(
  port: number,
  world: FuzzWorld,
  random: Dice,
  report: FuzzReport,
  count: number,
): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    const pipeline = new Pipeline(port, 200);
    const request = brokenRequest(random, world);
    // One that is cut off may well get no answer: the server waits for the rest.
    const [answer] = await pipeline.exchange([request]);
    pipeline.close();
    report.sent += 1;
    if (answer !== undefined) judge(report, request, answer, world);
  }
}

function judge(report: FuzzReport, { words, isHead }: RawRequest, answer: RawAnswer, world: FuzzWorld): void {
  const { status, contentType, body } = answer;
  report.statuses.set(status, (report.statuses.get(status) ?? 0) + 1);
  const wrong = isHead ? (status >= 500 && status !== 503 ? "a 5xx" : null) : whatIsWrong(answer);
  if (wrong !== null) report.problems.push(`${wrong}: ${status} ${contentType} ${body.slice(0, 200)} to ${words}`);
  const id = status === 201 ? /^\{"id":"([^"]+)"/.exec(body)?.[1] : undefined;
  const entity = /^POST \/api\/entities\/(\w+) /.exec(words)?.[1];
  if (id !== undefined && entity !== undefined)
    world.ids.set(entity, [...(world.ids.get(entity) ?? []).slice(-20), id]);
}

function whatIsWrong({ status, contentType, body }: RawAnswer): string | null {
  if (status === 101 || status === 204 || status === 304 || contentType === "text/event-stream") return null;
  if (contentType !== "application/json") return "no JSON";
  const json = parsed(body);
  if (json === undefined) return "broken JSON";
  // A push answers 200 and tells each change's failure beside it.
  if (body.includes('"code":"INTERNAL"')) return "a bug";
  if (status < 400) return null;
  const { code, message } = (json as { error?: { code?: unknown; message?: unknown } }).error ?? {};
  if (typeof code !== "string" || !/^[A-Z][A-Z0-9_]+$/.test(code) || typeof message !== "string") return "no envelope";
  if (status >= 500 && !(status === 503 && DECLARED.has(code))) return "a 5xx";
  return INSIDE.test(message) ? "words of the inside" : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A socket that talks nonsense is answered, not closed, and never takes the server with it. */
async function messages(
  port: number,
  { adminToken, tokens }: FuzzWorld,
  random: Dice,
  report: FuzzReport,
  count: number,
): Promise<void> {
  const token = random.chance(0.5) ? adminToken : random.pick(tokens);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/sync/ws`, { headers: { Authorization: `Bearer ${token}` } });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  socket.on("message", (data) => {
    if (parsed(String(data)) === undefined) report.problems.push(`a socket got ${String(data).slice(0, 200)}`);
  });
  socket.on("close", (code) => report.problems.push(`a socket was closed with ${code}`));
  for (let left = count; left > 0; left -= 1) socket.send(socketMessage(random));
  report.sent += count;
  const answered = new Promise((resolve) =>
    socket.on("message", (data) => {
      if (String(data).includes('"ref":"the last one"')) resolve(null);
    }),
  );
  socket.send('{"type":"the last one"}');
  await answered;
  socket.removeAllListeners("close");
  socket.terminate();
}
