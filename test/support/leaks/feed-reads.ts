import { WebSocket } from "ws";
import type { Viewer } from "./viewers.ts";

/** A change with the text of it, so that canaries are looked for in what was sent and not in what was understood. */
export interface Told {
  readonly entity: string;
  readonly text: string;
}

interface Pulled {
  readonly changes: readonly { readonly entity: string }[];
  readonly cursor: { readonly last_seq: number };
  readonly has_more: boolean;
  readonly snapshot_after?: string | null;
}

const told = (change: { readonly entity: string }): Told => ({ entity: change.entity, text: JSON.stringify(change) });

async function pullPage({ api }: Viewer, query: string): Promise<Pulled> {
  const { status, json, text } = await api.get<Pulled>(`/api/sync/pull?${query}`);
  if (status !== 200) throw new Error(`pull: ${status} ${text}`);
  return json;
}

export async function snapshotWhole(viewer: Viewer): Promise<readonly Told[]> {
  return (await pullPage(viewer, "since=0")).changes.map(told);
}

export async function snapshotPaged(viewer: Viewer): Promise<readonly Told[]> {
  const all: Told[] = [];
  let query = "since=0&snapshot=1&limit=3";
  for (;;) {
    const { changes, snapshot_after: after } = await pullPage(viewer, query);
    all.push(...changes.map(told));
    if (after === null || after === undefined) return all;
    query = `since=0&limit=3&snapshot_after=${after}`;
  }
}

export async function delta(viewer: Viewer, since: number): Promise<readonly Told[]> {
  const all: Told[] = [];
  for (let cursor = since; ; ) {
    const { changes, cursor: next, has_more: hasMore } = await pullPage(viewer, `since=${cursor}&limit=7`);
    all.push(...changes.map(told));
    cursor = next.last_seq;
    if (!hasMore) return all;
  }
}

/** A connection that keeps what it is sent. */
export interface Listener {
  readonly texts: readonly string[];
  close(): void;
}

const headersOf = ({ token }: Viewer): Record<string, string> =>
  token === undefined ? {} : { Authorization: `Bearer ${token}` };

export async function openSocket(url: string, viewer: Viewer, since?: number): Promise<Listener> {
  const query = since === undefined ? "" : `?since=${since}`;
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/sync/ws${query}`, { headers: headersOf(viewer) });
  const texts: string[] = [];
  socket.on("message", (data) => void texts.push(String(data)));
  await new Promise<void>((resolve, reject) => {
    socket.once("message", () => resolve());
    socket.once("error", reject);
  });
  return { texts, close: () => socket.terminate() };
}

export async function openStream(url: string, viewer: Viewer, since?: number): Promise<Listener> {
  const abort = new AbortController();
  const query = since === undefined ? "" : `?since=${since}`;
  const answer = await fetch(`${url}/events${query}`, { headers: headersOf(viewer), signal: abort.signal });
  if (answer.status !== 200 || answer.body === null) throw new Error(`events: ${answer.status}`);
  const texts: string[] = [];
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  let rest = "";
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = `${rest}${decoder.decode(value, { stream: true })}`.split("\n\n");
      rest = events.pop() ?? "";
      texts.push(...events);
    }
  };
  // Aborting is how the stream ends.
  read().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  return { texts, close: () => abort.abort() };
}

const ENTITY = /"entity":"(\w+)"/;

export const toldBy = ({ texts }: Listener): readonly Told[] =>
  texts.flatMap((text) => {
    const entity = ENTITY.exec(text)?.[1];
    return entity === undefined ? [] : [{ entity, text }];
  });

/** Waits until all listeners have been sent a change of the entity: the last write of a test, which everyone sees. */
export async function untilTold(listeners: readonly Listener[], entity: string, canary: string): Promise<void> {
  const isThere = ({ texts }: Listener) => texts.some((text) => text.includes(canary) && text.includes(entity));
  for (let tries = 0; !listeners.every(isThere); tries += 1) {
    if (tries > 500)
      throw new Error(`${listeners.filter((one) => !isThere(one)).length} were not told the last change`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
