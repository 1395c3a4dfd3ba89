import type { AppIr, EntityIr, FieldIr } from "../../ir/app.ts";
import { propertyKey } from "../../text/ident.ts";
import { templateLiteral } from "../../text/literal.ts";
import type { UsersView } from "../../text/views.ts";
import { jsonPair } from "./columns.ts";
import { isUser } from "./entity-view.ts";
import { absent, defaultOf } from "./inputs.ts";
import { importOf } from "./names.ts";

/** The entity that sign-up makes rows of, or undefined: then there are no password routes. */
export const userEntity = (ir: AppIr): EntityIr | undefined => ir.entities.find((entity) => isUser(entity, ir));

/** `server/users.ts`: what sign-in asks of the app's user entity. */
export function usersView(entity: EntityIr, ir: AppIr): Omit<UsersView, "imports"> {
  const hasPasswordColumn = entity.fields.some((field) => field.name === "passwordHash");
  const shown = entity.fields.filter(
    (field) =>
      !field.serverOnly &&
      !field.hidden &&
      // This row is printed by the database, which neither asks the rule of a field nor opens a sealed one.
      field.readable === null &&
      !field.encrypted,
  );
  const table = `"${entity.table}"`;
  const hash = hasPasswordColumn ? '"passwordHash"' : 'NULL AS "passwordHash"';
  return {
    from: "app.ts",
    ...importOf(entity),
    hasPasswordColumn,
    findSql: templateLiteral(`SELECT "id", ${hash} FROM ${table} WHERE "email" = ?`),
    selfSql: templateLiteral(
      `SELECT json_object(${["'id', \"id\"", ...shown.map(jsonPair)].join(", ")}) FROM ${table} WHERE "id" = ?`,
    ),
    memberSql: memberSql(ir),
    members: [
      "id: account.id",
      ...entity.fields.map((field) => `${propertyKey(field.name)}: ${signUpValue(entity, field)}`),
    ],
  };
}

/** What registration fills where the entity declares it (http 4.2); other columns get their defaults. */
const FILLED: Readonly<Record<string, string>> = {
  email: "account.email",
  displayName: "account.displayName",
  avatarColor: "account.avatarColor",
  createdAt: "account.now",
};

function signUpValue(entity: EntityIr, field: FieldIr): string {
  if (field.name === "passwordHash")
    return field.optional
      ? "account.passwordHash"
      : `given(account.passwordHash, textOf, "${entity.name}", "passwordHash")`;
  const filled = Object.hasOwn(FILLED, field.name) ? FILLED[field.name] : undefined;
  return filled ?? defaultOf(field) ?? absent(entity, field);
}

/** `OrgMember` rows say who may select an organisation (H-AUTH-SELECT-ORG). */
function memberSql(ir: AppIr): string {
  const entity = ir.entities.find((candidate) => candidate.name === "OrgMember");
  const has = (name: string) => entity?.fields.some((field) => field.name === name) === true;
  return has("userId") && has("orgId") && has("role")
    ? templateLiteral('SELECT "role" FROM "OrgMember" WHERE "userId" = ? AND "orgId" = ?')
    : "";
}
