import type { Timers } from "../../kernel/clock.ts";
import type { Statements } from "./statements.ts";
import type { WriterQueue } from "./writer-queue.ts";

const CHECKPOINT_MS = 60_000;

/**
 * Empties the WAL each minute. SQLite's own checkpoints only start it again from the front when no reader is in it, and never
 * make it shorter; WAL files of gigabytes come from there (reliability 3.3). Gives the function that stops the timer.
 */
export function startCheckpoints(statements: Statements, writer: WriterQueue, timers: Timers): () => void {
  let stop: () => void;
  const again = (): void => {
    stop = timers.after(CHECKPOINT_MS, () => {
      // First, so that a checkpoint that throws is not the last one.
      again();
      // A busy writer has its turn first; the next minute comes anyway.
      if (!writer.open) checkpoint(statements);
    });
  };
  again();
  return () => stop();
}

/** Does what it can without waiting for a reader thread: a busy checkpoint answers so and is no error. */
function checkpoint({ connection }: Statements): void {
  const timeout = connection.pragma("busy_timeout", { simple: true });
  connection.pragma("busy_timeout = 0");
  try {
    connection.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    connection.pragma(`busy_timeout = ${Number(timeout)}`);
  }
}
