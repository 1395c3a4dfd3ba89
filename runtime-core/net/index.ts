/** What the generated entry of a Node server stands on, beside `pylon/contract`. */
export { type Clock, systemClock, systemTimers } from "../kernel/clock.ts";
export { rowIds, systemRandom } from "../kernel/ids.ts";
export { createLogger, thrownFields } from "../kernel/log.ts";
export { FanOut } from "../live/fan-out.ts";
export { openChangeLog } from "../log/feed.ts";
export { openOperationIds } from "../log/operation-ids.ts";
export { startRetention } from "../log/retention.ts";
export { createLogTables } from "../log/tables.ts";
export { InFlight } from "./admission.ts";
export { readConfig } from "./config.ts";
export { drain } from "./drain.ts";
export { openExtraPorts } from "./extra-ports.ts";
export { crashFromEnvironment, guardProcess, listen, refuseToStart, startProblems, stopOnSignals } from "./process.ts";
export { firstOf, syncRoutes } from "./routes.ts";
export { createServer } from "./server.ts";
export { createSocketServer } from "./socket.ts";
export { createEventStreams } from "./sse.ts";
export { staticRoutes } from "./static.ts";
