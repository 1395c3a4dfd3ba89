import type { AppIr } from "../../ir/app.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { literal } from "../../text/literal.ts";
import type { AppView } from "../../text/views.ts";
import { seeTakesApp } from "./entity-view.ts";
import { userEntity } from "./users-view.ts";

/** `server/app.ts`: the entry, which names just what this app uses. */
export function appView(ir: AppIr, schema: PolicySchema): AppView {
  const hasUsers = userEntity(ir) !== undefined;
  const isCompat = ir.compat !== "off";
  const hasEncrypted = ir.entities.some((entity) => entity.fields.some((field) => field.encrypted));
  const seesApp = ir.entities.some((entity) => entity.sync.kind !== "none" && seeTakesApp(entity, ir, schema));
  return {
    from: "app.ts",
    name: ir.name,
    version: ir.version,
    cookieName: ir.auth.cookieName,
    trustedOrigins: literal(ir.auth.trustedOrigins),
    sessionSeconds: ir.auth.sessionSeconds,
    hasUsers,
    hasPage: ir.hasPage,
    hasEncrypted,
    isCompat,
    compat: ir.compat,
    compatFlag: isCompat ? 'compat !== "off"' : "false",
    cipher: hasEncrypted ? "openCipher(process.env.PYLON_SECRET)" : "null",
    usersValue: hasUsers ? "users(app)" : "null",
    passwordsValue: hasUsers ? "argon2Passwords" : "null",
    visibilityArgument: seesApp ? "app" : "",
    servers: isCompat ? "server, ...more" : "server",
  };
}
