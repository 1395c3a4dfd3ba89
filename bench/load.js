/**
 * The load generator, in its own process: HTTP/1.1 over raw keep-alive sockets, one request at a time on each, so that it costs
 * far less CPU than the server that it measures. Takes jobs as messages and answers each with its figures.
 *
 * @typedef {{ fill?: string, rows?: number, work?: string, port: number, pid: number, connections: number, from: number,
 *   ms?: number, count?: number, callers: import("./works.js").Callers }} Job
 * @typedef {{ ops: number, seconds: number, cpuUsPerOp: number, p50Us: number, p99Us: number }} Figures
 */
import { once } from "node:events";
import { connect } from "node:net";
import { cpuMs } from "./proc-cpu.js";
import { FILLS, WORKS } from "./works.js";

const END_OF_HEAD = Buffer.from("\r\n\r\n");
/** Ends a chunked body. One request is under way on a socket, so it is the last that arrives; JSON text has no bare CR. */
const LAST_CHUNK = "\r\n0\r\n\r\n";

/** Sends requests until `next` gives none; calls `onAnswer` with the microseconds of each. */
function talk(socket, status, next, onAnswer) {
  const wanted = `HTTP/1.1 ${status} `;
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    /** Bytes of the body still to come; null in a head. */
    let bodyLeft = null;
    /** The end of a chunked body so far; null where a length was given. */
    let tail = null;
    let sent = 0;

    function send() {
      const request = next();
      if (request === null) {
        socket.destroy();
        resolve(undefined);
        return;
      }
      sent = performance.now();
      socket.write(request, "latin1");
    }

    function refuse() {
      reject(new Error(`expected "${wanted}" with a JSON body, got: ${head.subarray(0, 600).latin1Slice()}`));
      socket.destroy();
    }

    function onData(chunk) {
      if (bodyLeft !== null) return onBody(chunk);
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      const text = head.latin1Slice(0, end);
      const length = /\r\ncontent-length: *(\d+)/i.exec(text);
      const isChunked = length === null && /\r\ntransfer-encoding: *chunked/i.test(text);
      if (!text.startsWith(wanted) || (length === null && !isChunked)) return refuse();
      bodyLeft = length === null ? Number.POSITIVE_INFINITY : Number(length[1]);
      tail = isChunked ? "" : null;
      const body = head.subarray(end + END_OF_HEAD.length);
      head = head.subarray(head.length);
      onBody(body);
    }

    function onBody(part) {
      bodyLeft -= part.length;
      if (tail !== null) {
        tail = (tail + part.latin1Slice(Math.max(0, part.length - LAST_CHUNK.length))).slice(-LAST_CHUNK.length);
        if (tail === LAST_CHUNK) bodyLeft = 0;
      }
      if (bodyLeft > 0) return;
      bodyLeft = null;
      onAnswer((performance.now() - sent) * 1_000);
      send();
    }

    socket.on("data", onData);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed the connection")));
    send();
  });
}

const workOf = ({ work, fill, rows }) => {
  if (work !== undefined) return WORKS[work];
  return fill === "notes" ? FILLS.notes(rows) : FILLS[fill];
};

/** @param {Job} job @returns {Promise<Figures>} */
async function run(job) {
  const { status, request } = workOf(job);
  const sockets = Array.from({ length: job.connections }, () => connect(job.port, "127.0.0.1").setNoDelay());
  await Promise.all(sockets.map((socket) => once(socket, "connect")));

  const times = [];
  let i = job.from;
  const last = job.count === undefined ? Number.POSITIVE_INFINITY : job.from + job.count;
  const cpuBefore = cpuMs(job.pid);
  const started = performance.now();
  const deadline = job.ms === undefined ? Number.POSITIVE_INFINITY : started + job.ms;
  const next = () => (i < last && performance.now() < deadline ? request(i++, job.callers) : null);
  await Promise.all(sockets.map((socket) => talk(socket, status, next, (us) => times.push(us))));
  const seconds = (performance.now() - started) / 1_000;
  const cpu = cpuMs(job.pid) - cpuBefore;

  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const ops = times.length;
  return { ops, seconds, cpuUsPerOp: (cpu * 1_000) / ops, p50Us: at(0.5), p99Us: at(0.99) };
}

process.on("message", (job) => {
  run(job).then(
    (figures) => process.send?.({ figures }),
    (error) => process.send?.({ error: error.message }),
  );
});
