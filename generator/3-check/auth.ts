import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { AppIr, EntityIr } from "../ir/app.ts";
import { diagnose } from "./diagnose.ts";

/** What `auth()` fills in when the app says nothing: an app without accounts has no such entity. */
const DEFAULT_USER_ENTITY = "User";
/** Columns that sign-in hides or shows whether or not the app declares them. */
const KNOWN_COLUMNS: readonly string[] = ["id", "passwordHash"];

export function checkAuth(ir: AppIr): Diagnostic[] {
  const { userEntity, expose, hide } = ir.auth;
  const origins = checkOrigins(ir.auth.trustedOrigins);
  const user = ir.entities.find((entity) => entity.name === userEntity);
  const names = ir.entities.map((entity) => entity.name);
  if (user === undefined)
    return userEntity === DEFAULT_USER_ENTITY
      ? origins
      : [
          ...origins,
          diagnose(
            "AUTH_USER_ENTITY_NOT_FOUND",
            `\`${userEntity}\`, the user entity, is not an entity of the app`,
            "auth#user.entity",
            { label: "no such entity", hint: didYouMean(userEntity, names) },
          ),
        ];
  const columns = [...KNOWN_COLUMNS, ...user.fields.map((field) => field.name)];
  const check = (list: "expose" | "hide", names: readonly string[]): Diagnostic[] =>
    names.flatMap((name, i) =>
      columns.includes(name)
        ? []
        : [
            diagnose(
              "AUTH_FIELD_NOT_FOUND",
              `\`user.${list}\` names \`${name}\`, which is not a field of ${user.name}`,
              `auth#user.${list}.${i}`,
              { label: `not declared on ${user.name}`, hint: didYouMean(name, columns) },
            ),
          ],
    );
  return [...origins, ...check("expose", expose), ...check("hide", hide), ...checkSignUp(user)];
}

/** As a browser sends it: `https://app.example.com`, `http://localhost:3000`, `capacitor://localhost`. A `/` at the end is forgiven. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s*]+\/?$/i;

const checkOrigins = (origins: readonly string[]): Diagnostic[] =>
  origins.flatMap((origin, i) => {
    if (ORIGIN.test(origin)) return [];
    const [, scheme = "https://", host] = /^(https?:\/\/)?([^/?#\s*]+)/i.exec(origin) ?? [];
    return [
      diagnose("AUTH_ORIGIN_INVALID", `${JSON.stringify(origin)} is no origin`, `auth#trustedOrigins.${i}`, {
        label: "never fits",
        hint: host === undefined || origin.includes("*") ? undefined : `did you mean "${scheme}${host}"?`,
      }),
    ];
  });

/** What registration writes by itself (http 4.2); `users-view.ts` prints it. */
const FILLED: readonly string[] = ["email", "displayName", "avatarColor", "createdAt", "passwordHash"];

function checkSignUp(user: EntityIr): Diagnostic[] {
  const canRegister = user.fields.some((field) => field.name === "email" && field.type.kind === "string");
  const unfilled = user.fields.filter(
    (field) => !field.optional && field.default === null && !FILLED.includes(field.name),
  );
  if (!canRegister || unfilled.length === 0) return [];
  return unfilled.map((field) =>
    diagnose(
      "SIGN_UP_COLUMN",
      `nobody can register: ${user.name}.${field.name} is required, and sign-up does not fill it`,
      field.origin.key,
    ),
  );
}
