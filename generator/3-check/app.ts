import type { RawManifest } from "../1-load/raw-manifest.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnose } from "./diagnose.ts";

export function checkApp(m: RawManifest): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (m.manifest_version !== 1)
    found.push(diagnose("MANIFEST_VERSION_UNSUPPORTED", `manifest version ${m.manifest_version} is not known`, "app"));
  if (m.entities.length + m.routes.length + m.queries.length + m.actions.length === 0)
    found.push(diagnose("SCHEMA_EMPTY", "the app declares no entity, route, query or action", "app"));
  return found;
}
