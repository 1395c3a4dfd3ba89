import { once } from "node:events";
import { vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";

/** A change event or any other message; what it holds is the sender's claim. */
export interface LiveMessage {
  readonly type?: string;
  readonly seq?: number;
  readonly entity?: string;
  readonly row_id?: string;
  readonly kind?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly timestamp?: string;
  readonly [more: string]: unknown;
}

/** Something that receives: a socket or a stream of server-sent events. */
export interface Listener {
  readonly messages: readonly LiveMessage[];
  /** Change events alone. */
  changes(): LiveMessage[];
  /** The first message that fits; waits for it. */
  find(fits: (message: LiveMessage) => boolean): Promise<LiveMessage>;
  /** The event with this number; all before it have arrived then. */
  upTo(seq: number): Promise<LiveMessage>;
  close(): void;
}

export interface Socket extends Listener {
  readonly protocol: string;
  readonly closed: Promise<number>;
  send(message: object | string | Uint8Array): void;
}

const waitMs = 5_000;

function listener(messages: LiveMessage[], close: () => void): Listener {
  const find = (fits: (message: LiveMessage) => boolean): Promise<LiveMessage> =>
    vi.waitFor(
      () => {
        const found = messages.find(fits);
        if (found === undefined) throw new Error(`not among ${JSON.stringify(messages)}`);
        return found;
      },
      { timeout: waitMs, interval: 5 },
    );
  return {
    messages,
    changes: () => messages.filter(({ seq, kind }) => seq !== undefined && kind !== undefined),
    find,
    upTo: (seq) => find((message) => message.seq === seq),
    close,
  };
}

/** Opens a socket. Rejects with the status when the upgrade is refused. */
export async function openSocket(
  url: string,
  { protocols = [], ...options }: ClientOptions & { readonly protocols?: string[] } = {},
): Promise<Socket> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), protocols, options);
  const messages: LiveMessage[] = [];
  socket.on("message", (data, isBinary) => {
    if (!isBinary) messages.push(JSON.parse(String(data)));
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await once(socket, "open");
  return {
    ...listener(messages, () => socket.terminate()),
    protocol: socket.protocol,
    closed,
    send: (message) =>
      socket.send(typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message)),
  };
}

export const bearer = (token: string): ClientOptions => ({ headers: { Authorization: `Bearer ${token}` } });

export interface Stream extends Listener {
  readonly status: number;
  readonly headers: Headers;
  /** All text until now. */
  text(): string;
}

/** Opens a stream of server-sent events. */
export async function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
  const abort = new AbortController();
  const answer = await fetch(url, { headers, signal: abort.signal });
  const messages: LiveMessage[] = [];
  let text = "";
  let rest = "";
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      const more = decoder.decode(chunk, { stream: true });
      text += more;
      const blocks = `${rest}${more}`.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks)
        for (const line of block.split("\n"))
          if (line.startsWith("data: ")) messages.push(JSON.parse(line.slice("data: ".length)));
    }
  };
  // An aborted body rejects: that is how the stream ends here.
  read().catch(() => undefined);
  return {
    ...listener(messages, () => abort.abort()),
    status: answer.status,
    headers: answer.headers,
    text: () => text,
  };
}
