import type { Environment } from "./environment.ts";
import { PylonClientError } from "./errors.ts";

const CONNECT_MS = 10_000;

export interface SocketEvents {
  /** A text message that is a JSON object. */
  message(message: Readonly<Record<string, unknown>>): void;
  /** Once, after the socket was open. */
  closed(): void;
}

/**
 * Opens the sync socket; resolves when it is open, with a function that closes it. The token travels as a subprotocol (R-WS-AUTH),
 * since a browser cannot set headers here. An upgrade that nobody answers fails after ten seconds (B-HUNG).
 */
export function openSocket(
  env: Pick<Environment, "openSocket" | "after">,
  baseUrl: string,
  token: string | null,
  events: SocketEvents,
  signal: AbortSignal,
): Promise<void> {
  const url = `${baseUrl.replace(/^http/, "ws")}/api/sync/ws`;
  const socket = env.openSocket(url, token === null ? [] : [`bearer.${encodeURIComponent(token)}`]);
  return new Promise((resolve, reject) => {
    let open = false;
    const close = () => socket.close();
    const stopWaiting = env.after(CONNECT_MS, close);
    signal.addEventListener("abort", close, { once: true });
    socket.onopen = () => {
      open = true;
      stopWaiting();
      if (signal.aborted) close();
      resolve();
    };
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" && !signal.aborted ? parse(data) : null;
      if (message !== null) events.message(message);
    };
    // Nothing to learn from it, and a close follows; but a socket without a listener may throw.
    socket.onerror = () => {};
    socket.onclose = () => {
      stopWaiting();
      signal.removeEventListener("abort", close);
      if (open) events.closed();
      else reject(new PylonClientError("NETWORK", "The sync socket cannot be opened."));
    };
  });
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // R-WS-BAD, in the other direction: a message that cannot be read is not for this client.
    return null;
  }
}
