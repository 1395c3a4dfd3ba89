import { OPERATIONS } from "../2-resolve/policies.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { AppIr, EntityIr } from "../ir/app.ts";
import { diagnose, listed } from "./diagnose.ts";

export function checkEntities(ir: AppIr): Diagnostic[] {
  const names = new Set(ir.entities.map((entity) => entity.name));
  return ir.entities.flatMap((entity) => [
    ...checkCoverage(ir, entity),
    ...checkUnenforced(entity, names),
    ...checkRename(ir, entity),
    ...checkSyncLimit(entity),
  ]);
}

/** What no rule covers is denied, or open to all under compatibility with 0.3: neither should be met first at run time. */
function checkCoverage(ir: AppIr, entity: EntityIr): Diagnostic[] {
  const missing = OPERATIONS.filter((operation) => entity.rules[operation] === null);
  const outcome = ir.compat === "0.3" ? "everybody may" : "only admins can";
  const hint =
    'add: policy({ entity: "' +
    `${entity.name}", ${missing.length === OPERATIONS.length ? "allow" : ruleName(missing)}: "…" })`;
  if (missing.length === 0) return [];
  if (missing.length === OPERATIONS.length)
    return [
      diagnose("ENTITY_UNCOVERED", `no policy covers ${entity.name}: ${outcome} read or write it`, entity.origin.key, {
        hint,
      }),
    ];
  return [
    diagnose(
      "OPERATION_UNCOVERED",
      `no rule covers ${listed(missing)} of ${entity.name}: ${outcome} do it`,
      entity.origin.key,
      {
        hint,
      },
    ),
  ];
}

const ruleName = (missing: readonly string[]): string => {
  if (missing.length > 1 && !missing.includes("read")) return "allowWrite";
  const [first = "read"] = missing;
  return `allow${first.charAt(0).toUpperCase()}${first.slice(1)}`;
};

/** One for an entity, at its first id column: a line for every column would drown what matters. */
function checkUnenforced(entity: EntityIr, names: ReadonlySet<string>): Diagnostic[] {
  const ids = entity.fields.filter(({ type }) => type.kind === "id" && names.has(type.target));
  const [first] = ids;
  if (first === undefined) return [];
  const columns = listed(ids.map((field) => `\`${field.name}\``));
  const message = `${entity.name} stores ${columns} without a check that the row is there`;
  const hint =
    "an id of a missing row is stored, and deleting the row leaves it behind: delete what depends on it yourself";
  return [diagnose("RELATION_UNENFORCED", message, first.origin.key, { hint })];
}

function checkRename(ir: AppIr, entity: EntityIr): Diagnostic[] {
  const { name, renamedFrom, origin } = entity;
  if (renamedFrom === null) return [];
  const other = ir.entities.find((e) => e.name === renamedFrom || (e.name !== name && e.renamedFrom === renamedFrom));
  if (other === undefined) return [];
  const why = other.name === renamedFrom ? "which is still an entity" : `and so is \`${other.name}\``;
  return [
    diagnose(
      "ENTITY_RENAME_CONFLICT",
      `${name} is renamed from \`${renamedFrom}\`, ${why}`,
      `${origin.key}#renamedFrom`,
    ),
  ];
}

function checkSyncLimit({ name, sync, origin }: EntityIr): Diagnostic[] {
  if (sync.kind !== "scope" || sync.limit === null || (Number.isSafeInteger(sync.limit) && sync.limit > 0)) return [];
  return [diagnose("SYNC_LIMIT_INVALID", `the sync limit of ${name} is ${sync.limit}`, `${origin.key}#sync.limit`)];
}
