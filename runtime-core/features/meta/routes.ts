import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import { PylonError } from "../../kernel/errors.ts";
import type { Call, Handler, Reply } from "../../net/ports.ts";

export interface MetaOptions {
  /** Version of the toolchain that made this server. */
  readonly version: string;
  readonly clock: Clock;
  /** Where `manifest.json`, `manifest.public.json` (without rules) and `openapi.json` lie: beside the server, since nothing at run time depends on them. */
  readonly folder: string;
  /** Dev mode or PYLON_OPENAPI_PUBLIC: the document, which names every entity, is for anyone. */
  readonly openapiPublic: boolean;
}

/** Answers `/health`, `/api/manifest` and `/api/openapi.json` (http 2); null for all else. Make it at start: uptime counts from here. */
export function metaRoutes(options: MetaOptions): Handler {
  const { clock, folder, openapiPublic } = options;
  const manifest = readOnce(join(folder, "manifest.public.json"));
  const manifestFull = readOnce(join(folder, "manifest.json"));
  const openapi = readOnce(join(folder, "openapi.json"));
  const startedAt = clock.monotonic();
  const health = `{"status":"ok","version":${JSON.stringify(options.version)},"uptime_secs":`;
  const ok = (body: string): Reply => ({ status: 200, body });

  function manifestFor(call: Call): Reply {
    const wantsFull = new URLSearchParams(call.search).get("full") === "1";
    return ok(wantsFull && call.auth.isAdmin ? manifestFull() : manifest());
  }

  function openapiFor(call: Call): Reply {
    if (openapiPublic || call.auth.isAdmin) return ok(openapi());
    throw new PylonError("NOT_FOUND", "OpenAPI spec is admin-only outside dev mode", 404, {
      hint: "Set PYLON_OPENAPI_PUBLIC=true to serve it to anonymous callers (it names every entity and route).",
    });
  }

  return (call) => {
    switch (`${call.method} ${call.path}`) {
      case "GET /health":
        return ok(`${health}${Math.floor((clock.monotonic() - startedAt) / 1000)}}`);
      case "GET /api/manifest":
        return manifestFor(call);
      case "GET /api/openapi.json":
        return openapiFor(call);
      default:
        return null;
    }
  };
}

/** Read at the first request for it. */
function readOnce(path: string): () => string {
  let text: string | null = null;
  return () => {
    text ??= readFileSync(path, "utf8");
    return text;
  };
}
