import type { Args } from "../ports.ts";
import type { ConnectionOptions } from "./connection.ts";

/** `workerData.pylonReader`: the file that is run as a reader thread is the server's own bundle, so it has to be told apart. */
export interface ReaderThreadData extends ConnectionOptions {
  readonly statementsMax: number;
}

export type ScanKind = "all" | "get" | "run" | "text";

export interface ScanRequest {
  readonly kind: ScanKind;
  readonly sql: string;
  readonly args: Args;
}

/** One answer for each request, in order. Errors lose their class on the way, so they travel as the code and message of their kind. */
export type ScanReply =
  | { readonly value: unknown }
  | { readonly error: { readonly code: string; readonly message: string; readonly pylon: boolean } };
