import { type Logger, thrownFields } from "../kernel/log.ts";

/**
 * A throw that nobody awaited must not end the process: it comes from app code (a timer, a forgotten promise) whose unit of work is
 * over, and other callers' work is under way. Our own state is changed in transactions and in straight-line code only.
 */
export function guardProcess(process: NodeJS.Process, log: Logger): void {
  process.on("unhandledRejection", (reason) => log.error("unhandled rejection", thrownFields(reason)));
  process.on("uncaughtException", (thrown) => log.error("uncaught exception", thrownFields(thrown)));
}

/** Runs `stop` once on SIGTERM or SIGINT and exits with 0; a second signal exits at once. */
export function stopOnSignals(process: NodeJS.Process, log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info("stopping", { signal });
    stop().then(
      () => process.exit(0),
      (thrown) => {
        log.error("stop failed", thrownFields(thrown));
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
