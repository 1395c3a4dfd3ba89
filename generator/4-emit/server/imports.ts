import { ImportSet } from "../../text/import-set.ts";

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Functions of `pylon/contract` that templates and emitters print. */
export const CONTRACT_VALUES = names(`
  ago applyChange bit boolOf clientId compareText crossTenant cursorPage datetimeFrom denied exists fedRow flag floatOf foreign
  fullDatetime given hasAnyRole hasRole insertRow intOf invalidColumn isDefaultOrder isEmpty isForeign jsonOf kept keptOrNull
  listPage loadJson noPage noRows notFound nowOf oneOf open orNull ordered own ownerOf printDatetime pylonAtMost pylonEqual
  pylonJson pylonLess pylonNum pylonTruthy readList readPage readRowPage readRows readonlyField record refused rowReply saveJson
  seal shownDatetime tenantOf textOf unknownEntityChange unreadable updateRow vectorOf
`);

/** Types of it. */
export const CONTRACT_TYPES = names(`
  App Args Auth Call JsonObject PushTarget ReadScope Reply SnapshotRow SnapshotSource SqlConnection Visibility WriteUnit Written
`);

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
