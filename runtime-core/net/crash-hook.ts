import { type CrashPoint, setCrashHook } from "../kernel/crash.ts";

/** PYLON_CRASH_AT=`point` or `point:n`: the process is killed the n-th time it comes there. For tests of the write path. */
export function crashFromEnvironment(process: NodeJS.Process): void {
  const wanted = process.env.PYLON_CRASH_AT;
  if (wanted === undefined || wanted === "") return;
  const [point, count = "1"] = wanted.split(":");
  let left = Number(count);
  setCrashHook((reached: CrashPoint) => {
    if (reached === point && --left === 0) process.kill(process.pid, "SIGKILL");
  });
}
