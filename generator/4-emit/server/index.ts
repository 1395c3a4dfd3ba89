import type { AppIr } from "../../ir/app.ts";
import type { OutFile } from "../../ir/out-file.ts";
import { fitLines } from "../../text/fit-lines.ts";
import { render } from "../../text/render.ts";
import { appView } from "./app-view.ts";
import { entityView } from "./entity-view.ts";
import { importsFor } from "./imports.ts";
import { importOf } from "./names.ts";
import { schemaOf } from "./rules.ts";
import { syncView } from "./sync-view.ts";
import { userEntity, usersView } from "./users-view.ts";

const HEADER = { from: "app.ts" };

/** `_generated/server/`: a module an entity, the routes, what sync and sign-in ask of them, and the entry. */
export function emitServer(ir: AppIr): readonly OutFile[] {
  const schema = schemaOf(ir);
  const entities = ir.entities.map((entity) =>
    file(entity.file, linked(render("server/entity", entityView(entity, ir, schema)))),
  );
  const sync = withImports((imports) => render("server/sync", { ...syncView(ir, schema), imports }));
  const user = userEntity(ir);
  const users =
    user === undefined
      ? []
      : [
          file(
            "users",
            withImports((imports) => render("server/users", { ...usersView(user, ir), imports }), USER_TYPES),
          ),
        ];
  return [
    ...entities,
    file("routes", render("server/routes", { ...HEADER, entities: ir.entities.map(importOf) })),
    file("sync", sync),
    ...users,
    file("app", render("server/app", appView(ir, schema))),
  ];
}

const USER_TYPES = 'import type { UserStore } from "pylon/auth";\n';

const file = (name: string, text: string): OutFile => ({ path: `_generated/server/${name}.ts`, text: fitLines(text) });

/** A module's code below its header and the imports that it turns out to need. */
const linked = (body: string): string => `${render("partials/header", HEADER)}${importsFor(body)}\n${body}`;

/** The same for a template that prints its import block in the middle of others. */
function withImports(print: (imports: string) => string, first = ""): string {
  return print((first + importsFor(print(""))).trimEnd());
}
