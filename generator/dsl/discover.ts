/** What the app's folders hold, for apps that list it in their manifest. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { channel } from "./positions.ts";
import type { Call, Route } from "./route.ts";

const folderOf = (folder: string): string => join(channel()?.appDir ?? process.cwd(), folder);

const SOURCE = /^(?!.*\.(?:test|d)\.)(?<name>.+)\.(?:ts|js)$/;
const KIND = /export\s+default\s+(query|mutation|action)\b/;

/** The files of `functions/` as declared calls. Mutations count as actions: the manifest has no third list. */
export const discoverFunctions = async (
  folder = "functions",
): Promise<{ readonly queries: readonly Call[]; readonly actions: readonly Call[] }> => {
  const queries: Call[] = [];
  const actions: Call[] = [];
  const directory = folderOf(folder);
  for (const file of existsSync(directory) ? readdirSync(directory).sort() : []) {
    const name = SOURCE.exec(file)?.groups?.name;
    if (name === undefined) continue;
    channel()?.reads.add(join(directory, file));
    const kind = KIND.exec(readFileSync(join(directory, file), "utf8"))?.[1];
    if (kind !== undefined) (kind === "query" ? queries : actions).push({ name, input: [] });
  }
  return { queries, actions };
};

const PAGE = /^page\.(?:tsx|jsx)$/;
const LAYOUT = /^layout\.(?:tsx|jsx)$/;

/** Pages of `app/`: `app/notes/[id]/page.tsx` is the route `/notes/:id`. */
export const discoverAppRoutes = async (folder = "app"): Promise<readonly Route[]> => {
  const routes: Route[] = [];
  const walk = (at: string, path: string, above: readonly string[]): void => {
    const entries = readdirSync(folderOf(at), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    const layout = entries.find((entry) => LAYOUT.test(entry.name));
    const layouts = layout === undefined ? above : [...above, `${at}/${layout.name}`];
    for (const entry of entries) {
      if (PAGE.test(entry.name)) {
        channel()?.reads.add(join(folderOf(at), entry.name));
        routes.push({ path: path === "" ? "/" : path, mode: "ssr", component: `${at}/${entry.name}`, layouts });
      }
      // A folder in parentheses groups pages without a part of its own in the path.
      if (entry.isDirectory())
        walk(`${at}/${entry.name}`, /^\(.*\)$/.test(entry.name) ? path : `${path}/${segment(entry.name)}`, layouts);
    }
  };
  if (existsSync(folderOf(folder))) walk(folder, "", []);
  return routes;
};

const segment = (folder: string): string => folder.replace(/^\[(?:\.\.\.)?(.+)\]$/, ":$1");
