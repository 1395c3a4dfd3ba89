import { PylonError } from "../kernel/errors.ts";
import type { Limits } from "../kernel/limits.ts";
import type { FanOut } from "../live/fan-out.ts";
import { Frame } from "../live/frame.ts";
import type { Subscriber } from "../live/groups.ts";
import { encodeSocketError, parseClientMessage } from "../protocol/socket.ts";

/**
 * Acts on one message of a client; null for a binary one. What cannot be served is answered and never closes the socket (B-BADFRAME):
 * old clients ignore the answer.
 */
export function receive(
  { fanOut, limits }: { readonly fanOut: FanOut; readonly limits: Pick<Limits, "jsonDepthMax"> },
  subscriber: Subscriber,
  text: string | null,
): void {
  const refuse = (error: PylonError, ref?: string): void =>
    fanOut.deliver(subscriber, new Frame(encodeSocketError(error, ref)));
  try {
    if (text === null) throw new PylonError("NOT_SUPPORTED", "Binary messages are not served.", 400);
    const message = parseClientMessage(text, limits.jsonDepthMax);
    if (message.type === "resume") void fanOut.resume(subscriber, message.since);
    else refuse(new PylonError("NOT_SUPPORTED", "This message is not served.", 400), message.name);
  } catch (thrown) {
    if (!(thrown instanceof PylonError)) throw thrown;
    refuse(thrown);
  }
}
