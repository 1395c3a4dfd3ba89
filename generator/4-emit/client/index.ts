import type { AppIr } from "../../ir/app.ts";
import type { OutFile } from "../../ir/out-file.ts";
import { ident, propertyAccess, propertyKey } from "../../text/ident.ts";
import { ImportSet } from "../../text/import-set.ts";
import { render } from "../../text/render.ts";
import { entityNames, entityView, enumTexts } from "./entity-view.ts";
import { callText } from "./layout.ts";
import { Names } from "./names.ts";

const FROM = "app.ts";

/** The typed client and its React hooks: `_generated/client.ts` and `_generated/react.tsx`. */
export const emitClient = (ir: AppIr): OutFile[] => [
  { path: "_generated/client.ts", text: clientText(ir) },
  { path: "_generated/react.tsx", text: reactText(ir) },
];

function clientText(ir: AppIr): string {
  const names = new Names();
  names.take("createClient");
  // All rows first: an entity `TodoInsert` keeps its name beside an entity `Todo`.
  const rows = ir.entities.map((entity) => names.take(ident(entity.name)));
  const named = ir.entities.map((entity, i) => entityNames(entity, rows[i] ?? entity.name, names));
  const own = { client: names.take("Client"), db: names.take("Db") };
  const imports = new ImportSet(names.taken);
  const views = named.map((entity) => entityView(entity, imports));
  return render("client/client", {
    from: FROM,
    appName: ir.name,
    openClient: imports.add("pylon/client", "openClient"),
    options: imports.addType("pylon/client", "ClientOptions"),
    base: imports.addType("pylon/client", "PylonClient"),
    imports: imports.toString(),
    names: own,
    enums: named.flatMap(enumTexts),
    entities: views,
  });
}

function reactText(ir: AppIr): string {
  const imports = new ImportSet();
  for (const name of ["authFunctions", "sharedClient", "useSessionOf", "useStateOf"]) imports.add("pylon/react", name);
  imports.add("./client.ts", "createClient");
  const entities = ir.entities.map((entity) => {
    const key = propertyKey(entity.name);
    const handle = `client.current().${propertyAccess("db", entity.name)}`;
    const synced = entity.sync.kind !== "none";
    const make = synced ? imports.add("pylon/react", "entityHooks") : "";
    return { key, handle, synced, hooks: callText(make, `() => ${handle}`, 2, `  ${key}: `.length) };
  });
  return render("client/react", { from: FROM, imports: imports.toString(), entities });
}
