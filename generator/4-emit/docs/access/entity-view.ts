import type { AppIr, EntityIr, FieldIr, Operation, RuleIr } from "../../../ir/app.ts";
import type { AccessView } from "../../../policy/access.ts";
import type { PolicySchema } from "../../../policy/schema.ts";
import { byCodeUnit } from "../../../text/order.ts";
import type { AccessEntityView } from "../../../text/views.ts";
import { userEntity } from "../../server/users-view.ts";
import { cell, code, words } from "./markdown.ts";
import { accessText, type RuleText, ruleText } from "./rule-text.ts";

export const OPERATIONS: readonly Operation[] = ["read", "insert", "update", "delete"];

/** One row of the table: an operation, a field with a read rule of its own, or what is synced. */
interface Guarded {
  readonly label: string;
  /** Null: no rule. */
  readonly text: RuleText | null;
}

export function accessEntityView(entity: EntityIr, ir: AppIr, schema: PolicySchema): AccessEntityView {
  const scope = { schema, entity };
  const textOf = (rule: RuleIr | null): RuleText | null => (rule === null ? null : ruleText(rule, scope));
  const isOpen = ir.compat === "0.3";
  const operations = OPERATIONS.map((operation) => ({ label: operation, text: textOf(entity.rules[operation]) }));
  const fields = byName(entity).flatMap(({ name, readable, serverOnly, hidden }) =>
    readable === null || serverOnly || hidden ? [] : [{ label: `read ${code(name)}`, text: ruleText(readable, scope) }],
  );
  const { sync } = entity;
  const synced =
    sync.kind === "scope" && sync.rule !== null ? [{ label: "sync", text: ruleText(sync.rule, scope) }] : [];
  const guarded: readonly Guarded[] = [...operations, ...fields, ...synced];
  const roles = [...new Set(guarded.flatMap(({ text }) => text?.roles ?? []))].sort(byCodeUnit);
  return {
    name: entity.name,
    head: ["", "anonymous", "guest", "signed-in user", ...roles.map((role) => cell(`role ${words(role)}`)), "admin"],
    rows: guarded.map((part) => ({ cells: [part.label, ...accessCells(part.text, roles, isOpen)].map(cell) })),
    items: [
      ...ruleItems(guarded, isOpen),
      ...accountNotes(entity, ir),
      ...ownershipNotes(entity),
      ...byName(entity).flatMap(fieldNotes),
      ...syncNotes(entity),
    ],
  };
}

/** Who may do each operation, in words: the entity's row in the table of all. */
export function overviewCells(entity: EntityIr, ir: AppIr, schema: PolicySchema): readonly string[] {
  const link = `#${entity.name.toLowerCase()}`;
  return [
    `[${entity.name}](${link})`,
    ...OPERATIONS.map((operation) => {
      const rule = entity.rules[operation];
      if (rule === null) return uncovered(ir.compat === "0.3");
      const { who } = ruleText(rule, { schema, entity });
      return who.length > OVERVIEW_CHARS_MAX ? `[by its rule](${link})` : cell(who);
    }),
  ];
}

/** A longer rule makes the table of all entities unreadable; it stands below. */
const OVERVIEW_CHARS_MAX = 48;

const uncovered = (isOpen: boolean): string => `**${isOpen ? "anyone" : "nobody"}: no rule**`;

/** Who and by which rule; operations under one rule share a line. */
function ruleItems(guarded: readonly Guarded[], isOpen: boolean): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { label, text } of guarded) {
    const line = text === null ? uncovered(isOpen) : ruleLine(text);
    lines.set(line, [...(lines.get(line) ?? []), label]);
  }
  return [...lines].map(([line, labels]) => `**${labels.join(", ")}**: ${line}`);
}

const ruleLine = ({ who, source }: RuleText): string => (source.startsWith(who) ? source : `${who}, by ${source}`);

function accessCells(text: RuleText | null, roles: readonly string[], isOpen: boolean): readonly string[] {
  if (text === null) return [...Array(3 + roles.length).fill(isOpen ? "yes" : "no"), "yes"];
  const { view } = text;
  const all = [view.anonymous, view.guest, view.user, ...roles.map((role) => accessOf(view, role)), view.admin];
  // A condition is long, so it is not repeated along the line.
  return all.map((access, at) =>
    access === all[at - 1] && access.startsWith("rows") ? "same rows" : accessText(access),
  );
}

/** A role that the rule does not name gives nothing beyond being signed in. */
const accessOf = (view: AccessView, role: string): string =>
  view.roles.find((known) => known.role === role)?.access ?? view.user;

const byName = (entity: EntityIr): readonly FieldIr[] => [...entity.fields].sort((a, b) => byCodeUnit(a.name, b.name));

/** What sign-in does with rows of the user entity, beside the rules. */
function accountNotes(entity: EntityIr, ir: AppIr): readonly string[] {
  if (userEntity(ir) !== entity) return [];
  const { expose } = ir.auth;
  const shown = expose.length === 0 ? "" : `, of it only ${[...expose].sort(byCodeUnit).map(code).join(", ")}`;
  return [
    "Registration makes the row of a new account, whatever the insert rule says.",
    `A signed-in user gets their own row from ${code("/api/auth/session")}${shown}, whatever the read rule says.`,
  ];
}

function ownershipNotes({ ownerField, tenantField }: EntityIr): readonly string[] {
  return [
    ...(ownerField === null
      ? []
      : [`${code(ownerField)} is the owner: a new row gets its caller's id, and only an admin may name someone else.`]),
    ...(tenantField === null
      ? []
      : [
          `${code(tenantField)} is the tenant: a new row gets its caller's active tenant, and rows of another tenant refuse every update and delete, whatever the rules say.`,
        ]),
  ];
}

function fieldNotes({ name, hidden, serverOnly, encrypted, syncOmit }: FieldIr): readonly string[] {
  const field = code(name);
  if (hidden) return [`${field} is hidden: never sent to anyone, admins included, and refused in writes.`];
  if (serverOnly) return [`${field} stays on the server: never sent to anyone, admins included.`];
  return [
    ...(encrypted ? [`${field} is encrypted where it is stored.`] : []),
    ...(syncOmit ? [`${field} is left out of sync; single requests answer it.`] : []),
  ];
}

function syncNotes({ sync }: EntityIr): readonly string[] {
  if (sync.kind === "none") return ["Not synced: clients get rows only by asking for them."];
  if (sync.kind === "all") return [];
  const scoped = sync.rule === null ? [] : ["Sync sends only the rows of its line here that may also be read."];
  return sync.limit === null ? scoped : [...scoped, `A first sync sends at most ${sync.limit} rows.`];
}
