import { sep } from "node:path";

/** Changes that come together, such as a branch switch or an editor's save, are one. Milliseconds. */
const GATHER_MS = 20;
const IGNORED = new Set(["node_modules", "_generated", "dist", ".pylon", ".git"]);

/**
 * Calls `first`, then `act` with the paths that changed in `folder` (absolute), one call at a time: what changes meanwhile is gathered
 * for the next. The folder is watched before `first` begins, so a change during it is not lost. Resolves when `stop` is aborted and the
 * last call has ended.
 */
export async function watchApp(
  folder: string,
  stop: AbortSignal,
  first: () => Promise<void>,
  act: (paths: readonly string[]) => Promise<void>,
): Promise<void> {
  const { watch } = await import("chokidar");
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path) =>
      path !== folder &&
      path
        .slice(folder.length + 1)
        .split(sep)
        .some((part) => IGNORED.has(part)),
  });
  const waiting = new Set<string>();
  const ready = new Promise<void>((resolve) => {
    watcher.once("ready", () => resolve());
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => resolve(), { once: true }); // A closed watcher is never ready.
  });
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    running = ready.then(() => (stop.aborted ? undefined : first())).catch(reject);
    const next = (): void => {
      running = running
        .then(async () => {
          const paths = [...waiting].sort();
          waiting.clear();
          if (paths.length > 0 && !stop.aborted) await act(paths);
        })
        .catch(reject);
    };
    watcher.on("all", (_event, path) => {
      waiting.add(path);
      clearTimeout(timer);
      timer = setTimeout(next, GATHER_MS);
    });
    watcher.on("error", reject);
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => resolve(), { once: true });
  }).finally(async () => {
    clearTimeout(timer);
    await watcher.close();
  });
  await running;
}
