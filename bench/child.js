import { fork } from "node:child_process";

/** A process of the harness that takes one message at a time and answers `{ figures }` or `{ error }`. */
export function startChild(file, args = []) {
  const child = fork(file, args);
  process.on("exit", () => child.kill());
  return {
    ask: (job) =>
      new Promise((resolve, reject) => {
        const onExit = (code) => reject(new Error(`${file} ended with code ${code}`));
        child.once("exit", onExit);
        child.once("message", ({ figures, error }) => {
          child.off("exit", onExit);
          if (error === undefined) resolve(figures);
          else reject(new Error(error));
        });
        child.send(job);
      }),
    stop: () => child.kill(),
  };
}
