/** CPU time and memory of a process and its children, from /proc (Linux). */
import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of one tick of utime and stime: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

/** The children that one thread started; none when the thread has just ended. */
function childrenOf(pid, task) {
  try {
    return readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return [];
    throw error;
  }
}

/** The process and all that it started. @returns {number[]} */
function tree(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => childrenOf(pid, task));
  return [pid, ...children.flatMap(tree)];
}

/** utime + stime: of all threads, those that have ended too. */
function ownCpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The command's name stands in parentheses and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** CPU milliseconds that the process and its running children have used so far. */
export const cpuMs = (pid) => tree(pid).reduce((sum, each) => sum + ownCpuMs(each), 0);

const ownRssMb = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

/** Resident memory of the process and its children, in MB. */
export const rssMb = (pid) => tree(pid).reduce((sum, each) => sum + ownRssMb(each), 0);

/** What the process runs now: a shell script keeps its pid when it hands over by `exec`. */
export const commandOf = (pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim();
