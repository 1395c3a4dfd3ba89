import type { EntityIr } from "../../ir/app.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { propertyAccess, propertyKey } from "../../text/ident.ts";
import { rowType } from "./names.ts";
import { callOf, isAlways, type Predicate, printPredicate } from "./predicates.ts";
import type { Projection } from "./projection.ts";
import { rowFields } from "./rules.ts";

/** What `see` prints: the one test behind pull, socket and stream. */
export interface SeeView {
  /** The rule of the replication scope, where there is one. */
  readonly scopePredicate: Predicate | null;
  /** The test, over `auth` and `row`. */
  readonly test: string;
  readonly isAsync: boolean;
  readonly needsRow: boolean;
  readonly needsApp: boolean;
  readonly usesAuth: boolean;
  /** Turns the feed's text into a row that rules can judge. */
  readonly fromFeed: string | null;
}

export function seeView(
  entity: EntityIr,
  schema: PolicySchema,
  read: Predicate | null,
  isOpen: boolean,
  project: Projection,
): SeeView {
  const scopeRule = entity.sync.kind === "scope" ? entity.sync.rule : null;
  const scopePredicate =
    scopeRule === null ? null : printPredicate("isReplicated", `sync: ${scopeRule.source}`, scopeRule, entity, schema);
  const tests = [
    ...(read === null ? (isOpen ? [] : ["auth.isAdmin"]) : isAlways(read) ? [] : [call(read)]),
    ...(scopePredicate === null || isAlways(scopePredicate) ? [] : [call(scopePredicate)]),
  ];
  const used = [read, scopePredicate].filter((rule) => rule !== null && !isAlways(rule)) as readonly Predicate[];
  return {
    scopePredicate,
    test:
      tests.map((test) => (tests.length > 1 && test.startsWith("await") ? `(${test})` : test)).join(" && ") || "true",
    isAsync: used.some((rule) => rule.isAsync),
    needsRow: used.some((rule) => rule.needsRow),
    needsApp: used.some((rule) => rule.isAsync || rule.needsNow),
    usesAuth: tests.length > 0,
    fromFeed: fromFeed(entity, project),
  };
}

const call = (rule: Predicate): string => callOf(rule, { on: "app.db.read", row: "row" });

/** The feed has datetimes as they are shown and encrypted fields sealed; rules want them canonical and open. */
function fromFeed(entity: EntityIr, { fed }: Projection): string | null {
  const named = new Set(
    [
      entity.rules.read,
      entity.sync.kind === "scope" ? entity.sync.rule : null,
      ...entity.fields.map((field) => field.readable),
    ].flatMap((rule) => (rule === null ? [] : [...rowFields(rule.expr)])),
  );
  const changed = fed.filter((field) => field.encrypted || (field.type.kind === "datetime" && named.has(field.name)));
  if (changed.length === 0) return null;
  const isSealed = changed.some((field) => field.encrypted);
  const members = changed.map((field) => {
    const value = propertyAccess("row", field.name);
    return `    ${propertyKey(field.name)}: ${field.encrypted ? `open(app, ${value})` : `fullDatetime(${value})`},\n`;
  });
  return (
    `function fromFeed(${isSealed ? "app: App, " : ""}text: string): ${rowType(entity)} {\n  const row = fedRow<${rowType(entity)}>(text);\n` +
    `  return {\n    ...row,\n${members.join("")}  };\n}`
  );
}
