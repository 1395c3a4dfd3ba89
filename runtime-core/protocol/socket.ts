import { PylonError } from "../kernel/errors.ts";
import { isObject, parseJson } from "./json.ts";
import { WIRE_VERSION } from "./wire.ts";

/** Close codes of ours: the server stops (come back after a moment), and a socket that does not read what it is sent. */
export const CLOSE_RESTARTING = 1012;
export const CLOSE_TOO_SLOW = 1013;

/** First message on every socket (D26). The feed is live from the event after `head`; pull up to it. */
export const encodeHello = (schemaId: string, epoch: string, head: number): string =>
  JSON.stringify({ type: "hello", wire: WIRE_VERSION, schema: schemaId, epoch, head });

/** What the client holds is no longer what it may see, or it has missed events: pull from the start. */
export const encodeResync = (entities?: readonly string[]): string =>
  entities === undefined ? '{"type":"resync"}' : JSON.stringify({ type: "resync", entities });

export const encodeSessionChanged = (tenantId: string | null): string =>
  JSON.stringify({ type: "session-changed", tenant_id: tenantId });

/** Answer to a message that cannot be served; `ref` is the type that it named. Clients ignore types that they do not know. */
export const encodeSocketError = (error: PylonError, ref?: string): string =>
  JSON.stringify({ type: "error", code: error.code, message: error.message, ref });

/** Messages of a client. Types of features that are not served are `other`. */
export type ClientMessage =
  | { readonly type: "resume"; readonly since: number }
  | { readonly type: "other"; readonly name: string };

/** Reads a text message. Throws `PylonError` with `INVALID_JSON` or `INVALID_DATA`, to be answered, not closed for (B-BADFRAME). */
export function parseClientMessage(text: string, jsonDepthMax: number): ClientMessage {
  const value = parseJson(text, jsonDepthMax);
  if (!isObject(value) || typeof value.type !== "string")
    throw new PylonError("INVALID_DATA", 'A message is an object with a text member "type".', 400);
  if (value.type !== "resume") return { type: "other", name: value.type.slice(0, 64) };
  const { since } = value;
  if (typeof since !== "number" || !Number.isSafeInteger(since) || since < 0)
    throw new PylonError("INVALID_DATA", '"since" is a whole number of at least 0.', 400);
  return { type: "resume", since };
}
