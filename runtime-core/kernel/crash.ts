/**
 * Named points of the write path where a test ends the process (reliability 5). In production the hook does nothing; the server
 * entry sets it from PYLON_CRASH_AT.
 */
export type CrashPoint =
  | "after-begin"
  | "after-row"
  | "after-feed"
  | "after-operation-id"
  | "before-commit"
  | "after-commit"
  | "before-answer";

let hook: ((point: CrashPoint) => void) | null = null;

export function setCrashHook(next: ((point: CrashPoint) => void) | null): void {
  hook = next;
}

export function crashPoint(point: CrashPoint): void {
  if (hook !== null) hook(point);
}
