import type { AppIr, EntityIr, FieldIr } from "../../ir/app.ts";
import type { PolicySchema } from "../../policy/schema.ts";
import { propertyAccess } from "../../text/ident.ts";
import { stringLiteral, templateLiteral } from "../../text/literal.ts";
import type { EntityView } from "../../text/views.ts";
import { isIndexed } from "../sql/indexes.ts";
import { columnsOf, jsonPair, rowMember, storedMember, storedOtherwise } from "./columns.ts";
import { groupKey } from "./group-key.ts";
import { checkerOf } from "./inputs.ts";
import { rowType } from "./names.ts";
import { callOf, isAlways, type Predicate, predicates, printPredicate } from "./predicates.ts";
import { type Projection, projection } from "./projection.ts";
import { checkColumns, fromColumns, hasEncrypted, newRow, patched, toArgs } from "./row-functions.ts";
import { feedRow, type RowPrinter, rowPrinters } from "./row-printers.ts";
import { handedAway, namesNext } from "./rules.ts";
import { type ScopesView, scopesView } from "./scopes-view.ts";
import { type SeeView, seeView } from "./see-view.ts";

/** Everything that `templates/server/entity.hbs` prints. */
export function entityView(entity: EntityIr, ir: AppIr, schema: PolicySchema): EntityView {
  const isOpen = ir.compat === "0.3";
  const project = projection(entity);
  const rules = predicates(entity, schema);
  const scopes = scopesView(entity, schema, isOpen);
  const sees = seeView(entity, schema, rules.read, isOpen, project);
  const readable = readableRules(entity, schema);
  const isSynced = entity.sync.kind !== "none";

  const all = distinct([
    rules.read,
    isSynced ? sees.scopePredicate : null,
    rules.insert,
    rules.update,
    rules.delete,
    ...readable.values(),
  ]);
  const { shown, synced } = rowPrinters(entity, project, readable);
  const functions = [
    ...scopes.functions.map((scope) => scope.text),
    ...all.filter((rule) => !isAlways(rule)).map((rule) => rule.text),
    fromColumns(entity),
    toArgs(entity),
    checkColumns(entity),
    newRow(entity),
    patched(entity),
    feedRow(entity, project),
    shown?.text ?? null,
    synced === null || synced === shown ? null : synced.text,
    isSynced ? sees.fromFeed : null,
  ].filter((part) => part !== null);

  return {
    ...typesView(entity),
    ...statementsView(entity, project, all, isSynced),
    ...readsView(entity, project, scopes, rules.read, shown, isOpen),
    ...writesView(entity, project, rules, isOpen),
    ...syncView(entity, scopes, sees, synced, rules.read, readable),
    isUser: isUser(entity, ir),
    scopes: scopes.constants,
    functions,
    isSynced,
  };
}

const distinct = (rules: readonly (Predicate | null)[]): readonly Predicate[] => [
  ...new Set(rules.filter((rule) => rule !== null)),
];

const readableRules = (entity: EntityIr, schema: PolicySchema): ReadonlyMap<string, Predicate> =>
  new Map(
    entity.fields.flatMap(({ name, readable, serverOnly }) => {
      // What is never sent needs no rule about who gets it.
      if (readable === null || serverOnly) return [];
      const function_ = `maySee${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      return [[name, printPredicate(function_, `${name}: ${readable.source}`, readable, entity, schema)] as const];
    }),
  );

function typesView(entity: EntityIr) {
  const stored = storedOtherwise(entity);
  return {
    name: entity.name,
    table: `"${entity.table}"`,
    row: rowType(entity),
    columns: columnsOf(entity),
    members: ["readonly id: string", ...entity.fields.map(rowMember)],
    stored: stored.map(storedMember),
    storedKeys: stored.map((field) => stringLiteral(field.name)).join(" | "),
    checkers: entity.fields.flatMap((field) => checkerOf(field)?.text ?? []),
  };
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

function statementsView(
  entity: EntityIr,
  { shown, synced, isText }: Projection,
  rules: readonly Predicate[],
  isSynced: boolean,
) {
  const table = `"${entity.table}"`;
  const columns = ["id", ...entity.fields.map((field) => field.name)];
  const changed = entity.fields.map((field) => `"${field.name}" = ?`).join(", ");
  const lookups = new Map(rules.flatMap((rule) => rule.lookups).map((lookup) => [lookup.constant, lookup.sql]));
  const object = (fields: readonly FieldIr[]) =>
    templateLiteral(`json_object(${["'id', \"id\"", ...fields.map(jsonPair)].join(", ")})`);
  const isNarrower = isText && isSynced && synced.length !== shown.length;
  const constant = (name: string, sql: string) => `const ${name} = ${templateLiteral(sql)};`;
  return {
    constants: [
      `const COLUMNS = ${stringLiteral(["id", ...entity.fields.filter((field) => !field.hidden).map((field) => field.name)].join(", "))};`,
      `const FIELDS: ReadonlySet<string> = new Set(COLUMNS.split(", "));`,
      constant("STORED", `SELECT ${quoted(columns)} FROM ${table} WHERE "id" = ?`),
      constant("INSERT", `INSERT INTO ${table} (${quoted(columns)}) VALUES (${columns.map(() => "?").join(", ")})`),
      ...(entity.fields.length === 0 ? [] : [constant("UPDATE", `UPDATE ${table} SET ${changed} WHERE "id" = ?`)]),
      constant("DELETE", `DELETE FROM ${table} WHERE "id" = ?`),
      ...[...lookups].map(([name, sql]) => constant(name, sql)),
      ...(isText ? [`const ROW = ${object(shown)};`] : []),
      ...(isNarrower ? [`const SYNCED = ${object(synced)};`] : []),
    ],
    hasUpdate: entity.fields.length > 0,
    rows: isText ? ROWS : "",
    pageRows: isText ? `${ROWS}, max("id") AS last` : "",
    one: isText ? `\${ROW}` : "*",
    snapshotRow: isText ? `"id", \${${isNarrower ? "SYNCED" : "ROW"}} AS data` : "*",
    isText,
  };
}

/** What a list statement selects: the rows as one JSON text, and their number. */
const ROWS = `json_group_array(\${ROW}) AS data, count(*) AS count`;

const isOpenText = (field: FieldIr): boolean => field.readable === null && !field.encrypted;

function readsView(
  entity: EntityIr,
  { shown, isText }: Projection,
  scopes: ScopesView,
  read: Predicate | null,
  printer: RowPrinter | null,
  isOpen: boolean,
) {
  const words = shown.filter(
    (field) => (field.type.kind === "string" || field.type.kind === "richtext") && isOpenText(field),
  );
  const sortable = shown.filter(
    (field) => field.type.kind !== "json" && field.type.kind !== "vector" && isOpenText(field),
  );
  const isServed = scopes.read.plan.scopes.every((scope) => scope.keys.length > 0 && isIndexed(entity, scope.keys));
  const show = printer?.call("call.auth", loadOf(entity, "row")) ?? "";
  return {
    sorts: ["id", ...sortable.map((field) => field.name)].map((name) => `[${stringLiteral(name)}, \`"${name}"\`]`),
    readScopeCall: `${scopes.read.name}(call.auth${scopes.read.plan.now ? ", nowOf(app)" : ""})`,
    // Where the caller alone decides, the whole list is refused; else it is empty (H-ENT-LIST).
    refusesList: !isOpen && (read === null || !(read.needsRow || read.isAsync)),
    wordColumns: words.length === 0 ? "" : `, ${quoted(words.map((field) => field.name))}`,
    readList: isText ? "readList" : "readRows",
    readPage: isText ? "readPage" : "readRowPage",
    show: isText ? "" : `(row: ${columnsOf(entity)}) => ${show}`,
    shower: isText ? "" : ", show",
    // Rows that no index finds are looked for on a reader thread (D10).
    connection: isServed ? "app.db.read" : "app.db.scan",
    shownRow: show,
  };
}

const sealed = (entity: EntityIr): string => (hasEncrypted(entity) ? "app, " : "");

const loadOf = (entity: EntityIr, value: string): string =>
  fromColumns(entity) === null ? value : `fromColumns(${sealed(entity)}${value})`;

function writesView(entity: EntityIr, { fed }: Projection, rules: ReturnType<typeof predicates>, isOpen: boolean) {
  const feed = (row: string) => `feedRow(${fed.some((field) => field.encrypted) ? "app, " : ""}${row})`;
  const test = (rule: Predicate | null, row: string, next: string) =>
    rule === null
      ? isOpen
        ? ""
        : "!auth.isAdmin"
      : isAlways(rule)
        ? ""
        : negated(callOf(rule, { on: "unit", row, next }));
  const handed = (entity.rules.update === null ? [] : handedAway(entity.rules.update)).filter(
    (name) => !entity.fields.some((field) => field.name === name && (field.readonly || field.hidden)),
  );
  const sees = readableTest(rules.read, isOpen);
  const given = handed.map((field) => `${field}: ${propertyAccess("next", field)}`).join(", ");
  return {
    insertRule: test(rules.insert, "row", "row"),
    saveCall: `[row.id, ...toArgs(${sealed(entity)}row)]`,
    idColumn: stringLiteral(`${entity.table}.id`),
    feedRow: feed("row"),
    feedNext: feed("next"),
    loadStored: loadOf(entity, "stored"),
    tenant: entity.tenantField ?? "",
    updatesNext: entity.rules.update !== null && namesNext(entity.rules.update.expr),
    hiddenTest: sees === "true" ? "" : negated(sees),
    readable: sees,
    updateRule: test(rules.update, "row", "next"),
    handedRule: given === "" ? "" : test(rules.update, `{ ...row, ${given} }`, "next"),
    saveNextCall: `[...toArgs(${sealed(entity)}next), id]`,
    deleteRule: test(rules.delete, "row", "row"),
    updateRefusal: refusalOf(entity, rules.read, rules.update, isOpen),
    deleteRefusal: refusalOf(entity, rules.read, rules.delete, isOpen),
  };
}

const negated = (call: string): string => (call.startsWith("await ") ? `!(${call})` : `!${call}`);

/** Whether the caller may read `row`, inside a unit of work. */
function readableTest(read: Predicate | null, isOpen: boolean): string {
  if (read === null) return isOpen ? "true" : "auth.isAdmin";
  return isAlways(read) ? "true" : callOf(read, { on: "unit", row: "row" });
}

/** A row that the caller may not read is refused as if it were not there; one and the same rule need not be asked twice. */
function refusalOf(entity: EntityIr, read: Predicate | null, write: Predicate | null, isOpen: boolean): string {
  const name = stringLiteral(entity.name);
  const sees = readableTest(read, isOpen);
  if (sees === "true") return `denied(${name})`;
  return `refused(app, ${name}, id, ${read === write ? "false" : sees})`;
}

function syncView(
  entity: EntityIr,
  scopes: ScopesView,
  sees: SeeView,
  printer: RowPrinter | null,
  read: Predicate | null,
  readable: ReadonlyMap<string, Predicate>,
) {
  const load =
    sees.fromFeed === null
      ? `fedRow<${rowType(entity)}>(text)`
      : sees.fromFeed.includes("app: App")
        ? "fromFeed(app, text)"
        : "fromFeed(text)";
  const shown = printer?.call("auth", "row") ?? "text";
  const needsRow = printer !== null || sees.needsRow;
  const parameters = [
    ...(needsApp(sees, printer) ? ["app: App"] : []),
    `${sees.usesAuth || printer?.needsAuth === true ? "auth" : "_auth"}: Auth`,
    "text: string",
  ];
  const answer = sees.test === "true" ? `return ${shown};` : `return ${ternaryTest(sees.test)} ? ${shown} : null;`;
  const deciding = [read, sees.scopePredicate, ...readable.values()].filter((rule) => rule !== null);
  const limit = entity.sync.kind === "scope" ? entity.sync.limit : null;
  const group = groupKey(deciding, sees.test);
  return {
    seeAsync: sees.isAsync ? "async " : "",
    seeParameters: parameters.join(", "),
    seeResult: sees.isAsync ? "Promise<string | null>" : "string | null",
    seeBody: !needsRow
      ? [answer]
      : answer.match(/\brow\b/g)?.length === 1
        ? [answer.replace(/\brow\b/, () => load)]
        : [`const row = ${load};`, answer],
    group,
    groupAuth: group === '""' ? "_auth" : "auth",
    syncScopeCall: `${scopes.sync.name}(auth${scopes.sync.plan.now ? ", nowOf(app)" : ""})`,
    syncLimit: limit ?? 0,
    syncedRow: printer?.call("auth", loadOf(entity, "row")) ?? "",
  };
}

const ternaryTest = (test: string): string => (test.startsWith("await ") ? `(${test})` : test);

const needsApp = (sees: SeeView, printer: RowPrinter | null): boolean =>
  sees.needsApp || printer?.needsApp === true || (sees.fromFeed?.includes("app: App") ?? false);

/** The entity that sign-up makes rows of. */
export const isUser = (entity: EntityIr, ir: AppIr): boolean =>
  entity.name === ir.auth.userEntity &&
  entity.fields.some((field) => field.name === "email" && field.type.kind === "string");

/** Whether the module's `see` takes the app, for whoever calls it. */
export function seeTakesApp(entity: EntityIr, ir: AppIr, schema: PolicySchema): boolean {
  const project = projection(entity);
  const read = predicates(entity, schema).read;
  const { synced } = rowPrinters(entity, project, readableRules(entity, schema));
  return needsApp(seeView(entity, schema, read, ir.compat === "0.3", project), synced);
}
