import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A request as bytes. `isHead`: its answer has no body, whatever its length says. */
export interface RawRequest {
  readonly bytes: Buffer;
  readonly isHead: boolean;
  /** For messages of the test. */
  readonly words: string;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/** One connection that sends several requests at a time. */
export class Pipeline {
  readonly #port: number;
  readonly #quietMs: number;
  #socket: Socket | null = null;

  /** After `quietMs` without a byte nothing more is waited for. */
  constructor(port: number, quietMs = 5_000) {
    this.#port = port;
    this.#quietMs = quietMs;
  }

  /** The answers in order; fewer than requests when the server ended the connection, or said nothing for a while. */
  exchange(requests: readonly RawRequest[]): Promise<RawAnswer[]> {
    const socket = this.#open();
    const answers: RawAnswer[] = [];
    let rest: Buffer = Buffer.alloc(0);
    return new Promise((resolve) => {
      const finish = (mayGoOn: boolean): void => {
        socket.removeAllListeners("data").removeAllListeners("close").removeAllListeners("timeout");
        if (!mayGoOn) this.close();
        resolve(answers);
      };
      socket.on("data", (chunk: Buffer) => {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        for (let read = readAnswer(rest, requests[answers.length]); read !== null; ) {
          answers.push(read.answer);
          rest = rest.subarray(read.length);
          if (answers.length === requests.length) return finish(read.mayGoOn);
          read = readAnswer(rest, requests[answers.length]);
        }
      });
      socket.on("close", () => finish(false));
      socket.setTimeout(this.#quietMs).on("timeout", () => finish(false));
      socket.write(Buffer.concat(requests.map(({ bytes }) => bytes)));
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(): Socket {
    if (this.#socket !== null && !this.#socket.destroyed) return this.#socket;
    this.#socket = connect(this.#port, "127.0.0.1");
    // A server that refuses may reset; what counts is what it said before.
    this.#socket.on("error", () => {});
    return this.#socket;
  }
}

interface Read {
  readonly answer: RawAnswer;
  readonly length: number;
  readonly mayGoOn: boolean;
}

/** The first answer in the bytes; null while it is not complete. Interim answers are passed over. */
function readAnswer(bytes: Buffer, request: RawRequest | undefined): Read | null {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return null;
  const head = bytes.toString("latin1", 0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  const start = end + HEAD_END.length;
  if (status === 100) {
    const later = readAnswer(bytes.subarray(start), request);
    return later === null ? null : { ...later, length: later.length + start };
  }
  const header = (name: string): string => new RegExp(`\r\n${name}: *([^\r]*)`, "i").exec(head)?.[1] ?? "";
  const contentType = header("content-type");
  // A stream and an upgrade have no end: what came with the head is enough.
  const isEndless = contentType === "text/event-stream" || status === 101;
  const hasBody = request?.isHead !== true && status !== 204 && status !== 304 && !isEndless;
  const length = hasBody ? Number(header("content-length") || "0") : 0;
  if (bytes.length < start + length) return null;
  const body = bytes.toString("utf8", start, start + length);
  const mayGoOn = !isEndless && header("connection").toLowerCase() !== "close";
  return { answer: { status, contentType, body }, length: start + length, mayGoOn };
}
