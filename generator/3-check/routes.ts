import type { RawManifest, RawRoute } from "../1-load/raw-manifest.ts";
import { nthKey } from "../2-resolve/names.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { diagnose, repeats } from "./diagnose.ts";

const MODES: readonly string[] = ["static", "server", "live", "ssr"];
const AUTHS: readonly string[] = ["public", "user"];

export const checkRoutes = (manifest: RawManifest): Diagnostic[] => [
  ...manifest.routes.flatMap((route) => checkRoute(route, manifest)),
  ...repeats(manifest.routes, (route) => route.path).map(({ item, nth }) =>
    diagnose("ROUTE_PATH_DUPLICATE", `two routes have the path \`${item.path}\``, nthKey(`route:${item.path}`, nth), {
      label: "again here",
      related: [{ at: { key: `route:${item.path}` }, message: "first here" }],
    }),
  ),
];

function checkRoute(route: RawRoute, manifest: RawManifest): Diagnostic[] {
  const { path, mode, auth } = route;
  const at = `route:${path}`;
  const found: Diagnostic[] = [];
  if (path === "") found.push(diagnose("ROUTE_PATH_EMPTY", "a route has no path", at));
  else if (!path.startsWith("/"))
    found.push(
      diagnose("ROUTE_PATH_NO_SLASH", `the path \`${path}\` does not start with /`, at, { hint: `write "/${path}"` }),
    );
  if (!MODES.includes(mode))
    found.push(
      diagnose("ROUTE_MODE_INVALID", `the route \`${path}\` has the mode \`${mode}\``, `${at}#mode`, {
        label: "no such mode",
        hint: didYouMean(mode, MODES),
      }),
    );
  if (auth !== undefined && !AUTHS.includes(auth))
    found.push(
      diagnose("ROUTE_AUTH_INVALID", `the route \`${path}\` is for \`${auth}\``, `${at}#auth`, {
        label: "neither public nor user",
        hint: didYouMean(auth, AUTHS),
      }),
    );
  return [...found, ...checkQuery(route, manifest, at)];
}

function checkQuery({ path, query }: RawRoute, { queries }: RawManifest, at: string): Diagnostic[] {
  if (query === undefined) return [];
  const known = queries.find((q) => q.name === query);
  if (known === undefined) {
    const message = `the route \`${path}\` names the query \`${query}\`, which does not exist`;
    return [
      diagnose("ROUTE_QUERY_NOT_FOUND", message, `${at}#query`, {
        label: "no such query",
        hint: didYouMean(
          query,
          queries.map((q) => q.name),
        ),
      }),
    ];
  }
  const inputs = known.input.map((input) => input.name);
  return [...path.matchAll(/(?:^|\/):([^/]+)/g)]
    .map(([, parameter = ""]) => parameter)
    .filter((parameter) => !inputs.includes(parameter))
    .map((parameter) =>
      diagnose("ROUTE_PARAM_NOT_IN_QUERY", `\`:${parameter}\` of the route \`${path}\` is no input of ${query}`, at, {
        hint: didYouMean(parameter, inputs),
      }),
    );
}
