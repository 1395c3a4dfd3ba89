/** Every limit of the server, with its unit last. Each is settable by the environment variable beside it (http 1.6). */
export interface Limits {
  /** Largest request body, in bytes: 413 `PAYLOAD_TOO_LARGE`. */
  readonly bodyBytesMax: number;
  /** Deepest JSON in a body or message, in levels: 400 `INVALID_JSON`. */
  readonly jsonDepthMax: number;
  /** Rows in one list answer. */
  readonly queryRowsMax: number;
  /** Rows in one page of a snapshot pull, and events in one page of a delta pull. */
  readonly pullRowsMax: number;
  /** Changes in one push. */
  readonly pushChangesMax: number;
  /** Requests per window of callers without a session, per address: 429 `RATE_LIMITED`. */
  readonly requestsPerWindowMax: number;
  /** Requests per window of one signed-in caller. */
  readonly requestsPerWindowAuthedMax: number;
  readonly rateWindowSecs: number;
  /** Password attempts per minute and address, and per hour and account. */
  readonly loginsPerMinuteMax: number;
  readonly loginsPerHourMax: number;
  /** New guests and registrations per minute and address. */
  readonly signupsPerMinuteMax: number;
  /** Longest password, in UTF-8 bytes. */
  readonly passwordBytesMax: number;
  /** Requests being answered at one time: 503 `OVERLOADED`. */
  readonly requestsInFlightMax: number;
  /** The same for one address. */
  readonly requestsInFlightPerAddressMax: number;
  /** Write units waiting for the writer: 503 `OVERLOADED`. */
  readonly writeQueueMax: number;
  /** Units in one group commit, and milliseconds until it is committed. */
  readonly groupUnitsMax: number;
  readonly groupMs: number;
  /** Deadline of a statement on a reader thread, in milliseconds: 503 `QUERY_TIMEOUT`. */
  readonly scanMs: number;
  /** Statements waiting for a reader thread. */
  readonly scanQueueMax: number;
  readonly readerThreadsMax: number;
  /** Connections for snapshots, each with one at a time. */
  readonly snapshotConnectionsMax: number;
  /** Snapshots waiting for a connection: 503 `OVERLOADED`. */
  readonly snapshotQueueMax: number;
  /** Deadline of a snapshot, in milliseconds, counted from its call: 503 `QUERY_TIMEOUT`. */
  readonly snapshotMs: number;
  /** Prepared statements kept per connection. */
  readonly statementsMax: number;
  /** Sockets and streams in all, and per address. */
  readonly socketsMax: number;
  readonly socketsPerAddressMax: number;
  /** Largest message that a client may send, in bytes. */
  readonly socketMessageBytesMax: number;
  /** Bytes queued to one socket before it is told to resync and closed. */
  readonly socketQueueBytesMax: number;
  readonly socketPingSecs: number;
  /** Events kept in the feed; older cursors get 410 `RESYNC_REQUIRED`. */
  readonly feedEventsMax: number;
  /** How long an operation id is remembered, in hours. */
  readonly operationIdHours: number;
  /** Longest operation id, in characters. */
  readonly operationIdCharsMax: number;
  /** Sessions kept in memory. */
  readonly sessionCacheMax: number;
  readonly headersMs: number;
  readonly requestMs: number;
  /** Seconds that open requests get after SIGTERM. */
  readonly drainSecs: number;
}

/** Default and environment variable of each limit. Dev mode takes `dev` where there is one. */
export const LIMITS: {
  readonly [K in keyof Limits]: { readonly env: string; readonly value: number; readonly dev?: number };
} = {
  bodyBytesMax: { env: "PYLON_HTTP_BODY_MAX_BYTES", value: 10_485_760 },
  jsonDepthMax: { env: "PYLON_JSON_MAX_DEPTH", value: 64 },
  queryRowsMax: { env: "PYLON_QUERY_MAX_LIMIT", value: 10_000 },
  pullRowsMax: { env: "PYLON_PULL_MAX_ROWS", value: 1_000 },
  pushChangesMax: { env: "PYLON_PUSH_MAX_CHANGES", value: 5_000 },
  requestsPerWindowMax: { env: "PYLON_RATE_LIMIT_MAX", value: 600, dev: 100_000 },
  requestsPerWindowAuthedMax: { env: "PYLON_RATE_LIMIT_MAX_AUTHED", value: 1_000, dev: 100_000 },
  rateWindowSecs: { env: "PYLON_RATE_LIMIT_WINDOW", value: 60 },
  loginsPerMinuteMax: { env: "PYLON_LOGIN_MAX_PER_MINUTE", value: 5, dev: 1_000 },
  loginsPerHourMax: { env: "PYLON_LOGIN_MAX_PER_HOUR", value: 30, dev: 10_000 },
  signupsPerMinuteMax: { env: "PYLON_SIGNUP_MAX_PER_MINUTE", value: 30, dev: 10_000 },
  passwordBytesMax: { env: "PYLON_PASSWORD_MAX_BYTES", value: 1_024 },
  requestsInFlightMax: { env: "PYLON_REQUESTS_IN_FLIGHT_MAX", value: 1_024 },
  requestsInFlightPerAddressMax: { env: "PYLON_REQUESTS_IN_FLIGHT_PER_ADDRESS_MAX", value: 256 },
  writeQueueMax: { env: "PYLON_WRITE_QUEUE_MAX", value: 4_096 },
  groupUnitsMax: { env: "PYLON_GROUP_MAX_UNITS", value: 64 },
  groupMs: { env: "PYLON_GROUP_MS", value: 2 },
  scanMs: { env: "PYLON_SCAN_MS", value: 5_000 },
  scanQueueMax: { env: "PYLON_SCAN_QUEUE_MAX", value: 256 },
  readerThreadsMax: { env: "PYLON_READER_THREADS", value: 2 },
  snapshotConnectionsMax: { env: "PYLON_SNAPSHOT_CONNECTIONS", value: 4 },
  snapshotQueueMax: { env: "PYLON_SNAPSHOT_QUEUE_MAX", value: 256 },
  snapshotMs: { env: "PYLON_SNAPSHOT_MS", value: 5_000 },
  statementsMax: { env: "PYLON_STATEMENTS_MAX", value: 1_000 },
  socketsMax: { env: "PYLON_SOCKETS_MAX", value: 10_000 },
  socketsPerAddressMax: { env: "PYLON_SOCKETS_PER_ADDRESS_MAX", value: 256 },
  socketMessageBytesMax: { env: "PYLON_WS_MAX_FRAME", value: 1_048_576 },
  socketQueueBytesMax: { env: "PYLON_SOCKET_QUEUE_MAX_BYTES", value: 1_048_576 },
  socketPingSecs: { env: "PYLON_SOCKET_PING_SECS", value: 15 },
  feedEventsMax: { env: "PYLON_CHANGE_LOG_RETAIN", value: 1_000_000 },
  operationIdHours: { env: "PYLON_OPERATION_ID_HOURS", value: 72 },
  operationIdCharsMax: { env: "PYLON_OPERATION_ID_MAX_CHARS", value: 200 },
  sessionCacheMax: { env: "PYLON_SESSION_CACHE_MAX", value: 10_000 },
  headersMs: { env: "PYLON_HEADERS_MS", value: 10_000 },
  requestMs: { env: "PYLON_REQUEST_MS", value: 30_000 },
  drainSecs: { env: "PYLON_DRAIN_SECS", value: 10 },
};

/** The limits of this process. An unusable value is an error of the operator's, so it is reported, not replaced (unlike the original). */
export function readLimits(env: Readonly<Record<string, string | undefined>>, devMode: boolean): Limits {
  const limits = {} as Record<keyof Limits, number>;
  for (const [name, { env: variable, value, dev }] of Object.entries(LIMITS) as [
    keyof Limits,
    (typeof LIMITS)[keyof Limits],
  ][]) {
    const text = env[variable];
    const read = text === undefined || text === "" ? (devMode ? (dev ?? value) : value) : Number(text);
    if (!Number.isSafeInteger(read) || read < 1)
      throw new RangeError(`${variable} must be a whole number of at least 1, not "${text}"`);
    limits[name] = read;
  }
  return limits;
}
