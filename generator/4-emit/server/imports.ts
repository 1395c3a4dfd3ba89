import { ImportSet } from "../../text/import-set.ts";

/** What `templates/server/entity.hbs` prints for every entity. */
const TYPES = [
  "App",
  "Args",
  "Auth",
  "Call",
  "JsonObject",
  "ReadScope",
  "Reply",
  "SnapshotRow",
  "PushTarget",
  "SnapshotSource",
  "SqlConnection",
  "Visibility",
  "Written",
  "WriteUnit",
];

const IMPORTED =
  "applyChange bit boolOf clientId compareText crossTenant cursorPage datetimeFrom denied deletedReply exists fedRow flag floatOf fullDatetime foreign given hasAnyRole hasRole " +
  "ago insertRow intOf invalidColumn isDefaultOrder isEmpty isForeign jsonOf kept keptOrNull listPage loadJson noPage noRows notFound nowOf oneOf open ordered orNull own ownerOf " +
  "printDatetime pylonAtMost pylonEqual pylonJson pylonLess pylonNum pylonTruthy readList readonlyField readPage readRowPage readRows record refused rowReply " +
  "saveJson seal shownDatetime tenantOf textOf unknownEntityChange unreadable updateRow vectorOf";

/** Names of `pylon/contract` that a module may use; the linker of the module picks those that its text calls. */
export const CONTRACT_VALUES: ReadonlySet<string> = new Set(IMPORTED.split(" "));
export const CONTRACT_TYPES: ReadonlySet<string> = new Set(TYPES);

/** The import block for a module whose code is `body`: every contract name that stands in it outside strings and comments. */
export function importsFor(body: string): string {
  const code = body.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"/g, '""');
  const imports = new ImportSet();
  for (const name of new Set(code.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g))) {
    if (CONTRACT_VALUES.has(name)) imports.add("pylon/contract", name);
    else if (CONTRACT_TYPES.has(name)) imports.addType("pylon/contract", name);
  }
  return imports.toString();
}
